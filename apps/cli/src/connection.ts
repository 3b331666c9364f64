import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError } from '@fairlead/shared/kernel';
import { z } from 'zod';
import type { Terminal } from './terminal.ts';

export const defaultUrl = 'http://127.0.0.1:7700';

const StoredConnection = z.object({ url: z.url(), token: z.string().min(1) });

export interface Connection {
  readonly baseUrl: string;
  readonly token: string | undefined;
  /** Where URL and token come from, for `whoami` and `doctor`. */
  readonly origin: string;
}

/**
 * The hub to talk to: what the environment says, else what `npm start` left in this working copy, else what `login`
 * stored. A token is only ever sent to the address it was stored with.
 */
export function findConnection(terminal: Terminal, urlOption: string | undefined): Connection {
  const url = urlOption ?? terminal.env['FAIRLEAD_URL'];
  const token = terminal.env['FAIRLEAD_TOKEN'];
  const stored = [localFile(terminal.cwd), loginFile(terminal)]
    .filter((file) => file !== null && existsSync(file))
    .map((file) => ({ file, ...readStored(file ?? '') }));
  const match = stored.find((candidate) => url === undefined || sameHub(candidate.url, url));
  const baseUrl = withoutSlash(url ?? match?.url ?? defaultUrl);
  if (token !== undefined) return { baseUrl, token, origin: 'FAIRLEAD_TOKEN' };
  return { baseUrl, token: match?.token, origin: match?.file ?? 'nothing: not signed in' };
}

/** Remembers URL and token for this user, readable by nobody else. Gives the file's path. */
export function storeConnection(terminal: Terminal, connection: { url: string; token: string }): string {
  const file = loginFile(terminal);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  chmodSync(unfinished, 0o600);
  renameSync(unfinished, file);
  return file;
}

function loginFile(terminal: Terminal): string {
  const base = terminal.env['XDG_CONFIG_HOME'] ?? join(terminal.home, '.config');
  return join(base, 'fairlead', 'config.json');
}

/** `.fairlead/cli.json` of the working copy this directory is in, written by `npm start`. */
function localFile(cwd: string): string | null {
  const file = join(cwd, '.fairlead', 'cli.json');
  if (existsSync(file)) return file;
  return dirname(cwd) === cwd ? null : localFile(dirname(cwd));
}

function readStored(file: string): z.infer<typeof StoredConnection> {
  try {
    return StoredConnection.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (thrown) {
    throw new CodedError(
      { code: 'cli.bad-config', kind: 'invalid' },
      'A stored sign-in cannot be read; sign in again or delete the file',
      { file },
      { cause: thrown },
    );
  }
}

function sameHub(a: string, b: string): boolean {
  return withoutSlash(a) === withoutSlash(b);
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
