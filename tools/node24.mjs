// Starts a program of this repository on the Node 24 that npm installed beside it, so that a machine whose own Node is
// older runs the same thing. Used by every npm script; needs nothing but a `npm install` that has finished.
import { spawn } from 'node:child_process';
import { nodeArguments, nodeBinary } from './node-binary.mjs';

const child = spawn(nodeBinary(), [...nodeArguments, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
