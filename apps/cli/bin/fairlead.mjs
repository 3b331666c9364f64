#!/usr/bin/env node
// Starts the CLI of this working copy from its sources, on the Node 24 that npm installed beside it. The published
// package has the bundle (dist/cli/main.mjs) as its program instead.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

let launch;
try {
  const { nodeArguments, nodeBinary } = await import('../../../tools/node-binary.mjs');
  launch = { binary: nodeBinary(), flags: nodeArguments };
} catch (error) {
  console.error(`✖ ${error.message}`);
  process.exit(70);
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const child = spawn(launch.binary, [...launch.flags, main, ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C reaches the child through the terminal's process group; this process only waits for it to finish.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
