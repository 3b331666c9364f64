import picocolors from 'picocolors';
import type { Terminal } from './terminal.ts';

/** A terminal that keeps what is written, for specs. */
export interface RecordedTerminal extends Terminal {
  readonly output: () => string;
  readonly errors: () => string;
  readonly exitCode: () => number;
}

export function recordTerminal(given: Partial<Terminal> = {}): RecordedTerminal {
  let output = '';
  let errors = '';
  let exitCode = 0;
  return {
    env: {},
    cwd: '/nowhere',
    home: '/nowhere',
    isLive: false,
    columns: 120,
    paint: picocolors.createColors(false),
    write: (text) => void (output += text),
    writeError: (text) => void (errors += text),
    readInput: () => Promise.resolve(''),
    now: () => Date.parse('2026-01-01T12:00:00Z'),
    interrupted: new AbortController().signal,
    setExitCode: (code) => void (exitCode = code),
    ...given,
    output: () => output,
    errors: () => errors,
    exitCode: () => exitCode,
  };
}
