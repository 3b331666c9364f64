import { homedir } from 'node:os';
import picocolors from 'picocolors';

export type Palette = ReturnType<typeof picocolors.createColors>;

/** Everything a command touches of the world outside the hub, so that tests can hold all of it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** Standard output is a terminal: lines may be redrawn. */
  readonly isLive: boolean;
  readonly columns: number;
  readonly paint: Palette;
  write(text: string): void;
  writeError(text: string): void;
  readInput(): Promise<string>;
  now(): number;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  setExitCode(code: number): void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const interruption = new AbortController();
  process.on('SIGINT', () => {
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
    process.exitCode = 130;
  });
  // A reader that has seen enough (`| head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const isLive = process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    isLive,
    get columns() {
      return process.stdout.columns ?? 120;
    },
    paint: picocolors.createColors(isLive && process.env['NO_COLOR'] === undefined),
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    readInput: readStandardInput,
    now: () => Date.now(),
    interrupted: interruption.signal,
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
