import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFairleadClient, type FairleadClient } from '@fairlead/shared/client';
import { isPortFree } from '../../test/bed/ports.ts';
import { paths } from './paths.ts';
import type { Program, Programs } from './program.ts';
import { StartError } from './start-error.ts';
import { waitUntil } from './wait-until.ts';

const tokenForm = /flt_[A-Za-z0-9_-]{43}/g;

export interface LocalHub {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** The token was made by this start: it has not been shown before. */
  readonly isNewToken: boolean;
  readonly client: FairleadClient;
  readonly program: Program;
}

interface Stored {
  readonly url: string;
  readonly token: string;
  /** What the hub calls itself to agents; stays although the port may change. */
  readonly publicUrl: string;
}

/** Starts the hub with its own PostgreSQL below .fairlead/hub, on `wantedPort` or the next free one. */
export async function startHub(
  wantedPort: number,
  programs: Programs,
  onLost: (how: string) => void,
): Promise<LocalHub> {
  const stored = readStored();
  const port = await freePort(wantedPort);
  const url = `http://127.0.0.1:${port}`;
  const publicUrl = stored?.publicUrl ?? url;
  let printed: string | null = null;
  const program = programs.start({
    name: 'hub',
    program: paths.hubProgram,
    args: ['all'],
    env: {
      DATABASE_URL: '',
      REDIS_URL: '',
      FAIRLEAD_DATA_DIR: paths.hub,
      FAIRLEAD_PORT: String(port),
      FAIRLEAD_PUBLIC_URL: publicUrl,
      FAIRLEAD_HEARTBEAT_MS: '5000',
    },
    logFile: join(paths.logs, 'hub.log'),
    // The first-run token is printed once, by us and not in a log file.
    filterLine: (line) => {
      printed = line.match(tokenForm)?.[0] ?? printed;
      return line.replaceAll(tokenForm, 'flt_…');
    },
    onLost,
  });
  await waitUntil(
    'the hub',
    90_000,
    () => readiness(url, program),
    () => 'Its log is .fairlead/logs/hub.log.',
  );
  const token = await waitUntil(
    "the hub's token",
    5_000,
    async () => printed ?? stored?.token ?? keptToken(),
    () => 'The hub has data of an earlier start whose token is gone: begin anew with "npm start -- --fresh".',
  );
  writeFileSync(paths.cli, `${JSON.stringify({ url, token, publicUrl } satisfies Stored, null, 2)}\n`, { mode: 0o600 });
  return {
    url,
    port,
    token,
    isNewToken: printed !== null,
    program,
    client: createFairleadClient({ baseUrl: url, token }),
  };
}

async function readiness(url: string, program: Program): Promise<true | null> {
  if (!program.isRunning) {
    throw new StartError(`the hub ended:\n${program.lastWords}`, 'Its log is .fairlead/logs/hub.log.');
  }
  const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  return response?.ok === true ? true : null;
}

function readStored(): Stored | null {
  if (!existsSync(paths.cli)) return null;
  const { url, token, publicUrl } = JSON.parse(readFileSync(paths.cli, 'utf8')) as Stored;
  return { url, token, publicUrl: publicUrl ?? url };
}

// The hub keeps its first token beside its data, for when our own file was removed.
function keptToken(): string | null {
  const file = join(paths.hub, 'admin-token');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 100; port += 1) if (await isPortFree(port)) return port;
  throw new StartError(`no free port from ${wanted} on`, 'Name another with --port.');
}
