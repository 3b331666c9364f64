import { fork, type ChildProcess } from 'node:child_process';

/**
 * Starts a program the way render workers are started: it may read its own bundle and nothing else, start no process,
 * thread or native code, evaluate no text as code, and sees an empty environment. Its output is thrown away, since a
 * crash report could quote what was being rendered. The network is taken away by `confine.ts`, the program's first import.
 */
export function launchWorker(bundlePath: string, options: { maxHeapMb: number }): ChildProcess {
  return fork(bundlePath, [], {
    execArgv: [
      '--permission',
      `--allow-fs-read=${bundlePath}`,
      '--disallow-code-generation-from-strings',
      '--disable-proto=delete',
      '--no-addons',
      `--max-old-space-size=${options.maxHeapMb}`,
    ],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}
