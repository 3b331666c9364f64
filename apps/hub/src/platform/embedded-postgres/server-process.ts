import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresBinaries } from './binaries.ts';
import type { ServerUser } from './server-user.ts';

interface ServerOptions {
  root: string;
  data: string;
  port: number;
  binaries: PostgresBinaries;
  user: ServerUser;
  settings: Record<string, string>;
  log: (message: string) => void;
}

export interface ServerProcess {
  /** Why it could not be started, when it could not. */
  failure(): Error | null;
  /** It has answered: from now on it is started again whenever it dies. */
  settle(): void;
  stop(): Promise<void>;
}

const restartMs = { first: 100, most: 5000 };
const stopPatienceMs = 20_000;

/** Runs the server as a child. */
export function superviseServer({ root, data, port, binaries, user, settings, log }: ServerOptions): ServerProcess {
  const flags = Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '120',
    ...settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let isSettled = false;
  let isStopping = false;
  let early: Error | null = null;
  let child: ChildProcess;
  let restart: NodeJS.Timeout | undefined;
  let waitMs = restartMs.first;
  const start = () => {
    const startedAt = performance.now();
    const logFile = openSync(join(root, 'postgres.log'), 'a');
    const [command = binaries.postgres, ...before] = [...user.prefix, binaries.postgres];
    child = spawn(command, [...before, '-D', data, '-p', String(port), ...flags], {
      ...user.ids,
      cwd: root,
      // Its own process group: a Ctrl-C is for the hub, which stops the server when it is done with it.
      detached: true,
      stdio: ['ignore', logFile, logFile],
    });
    closeSync(logFile);
    child.once('error', (error) => (early = error));
    child.once('exit', (code, signal) => {
      if (isStopping) return;
      if (!isSettled) {
        early = new Error(`PostgreSQL ended with ${signal ?? code}; see ${join(root, 'postgres.log')}`);
        return;
      }
      // The first tries may come too soon for what the dead server left behind.
      waitMs = performance.now() - startedAt > 60_000 ? restartMs.first : Math.min(restartMs.most, waitMs * 2);
      log('PostgreSQL ended by itself; starting it again');
      restart = setTimeout(start, waitMs);
    });
  };
  start();
  return {
    failure: () => early,
    settle: () => {
      isSettled = true;
    },
    stop: async () => {
      isStopping = true;
      clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const exited = new Promise((done) => child.once('exit', done));
      child.kill('SIGINT');
      const impatience = setTimeout(() => child.kill('SIGQUIT'), stopPatienceMs);
      await exited;
      clearTimeout(impatience);
    },
  };
}
