import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './install-dependencies.mjs';
import { nodeArguments, nodeBinary } from './node-binary.mjs';

/** Installs what is missing, then runs a program of this repository on Node 24 and ends as it ends. */
export async function runInstalled(program) {
  await installDependencies();
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn(nodeBinary(), [...nodeArguments, path, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
