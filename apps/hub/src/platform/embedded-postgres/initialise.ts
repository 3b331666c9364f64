import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresBinaries } from './binaries.ts';
import type { Passwords } from './passwords.ts';
import type { ServerUser } from './server-user.ts';

/** Makes the data directory. */
export async function initialise(options: {
  root: string;
  data: string;
  binaries: PostgresBinaries;
  user: ServerUser;
  passwords: Passwords;
}): Promise<void> {
  const { root, data, binaries, user, passwords } = options;
  // Made aside and renamed, so that an interrupted start leaves nothing that looks like a database.
  const fresh = `${data}.new`;
  const passwordFile = join(root, 'postgres.pw');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  user.own(fresh);
  writeFileSync(passwordFile, `${passwords.superuser}\n`, { mode: 0o600 });
  user.own(passwordFile);
  try {
    const [command = binaries.initdb, ...before] = [...user.prefix, binaries.initdb];
    await run(
      command,
      [
        ...before,
        `--pgdata=${fresh}`,
        '--username=postgres',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
      ],
      { ...user.ids, cwd: root },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, data);
}

async function run(
  command: string,
  parameters: string[],
  options: { uid?: number; gid?: number; cwd: string },
): Promise<void> {
  const child = spawn(command, parameters, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`making the PostgreSQL data directory failed: ${complaint.trim()}`);
}
