// Runs a bundled program on Node 24 and builds it first when a source is newer than the bundle.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nodeArguments, nodeBinary } from './node-binary.mjs';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');

function newestChange(directory) {
  if (!existsSync(directory)) return 0;
  let newest = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!/\.(ts|sql|json)$/.test(entry.name) || entry.name.endsWith('spec.ts')) continue;
    newest = Math.max(newest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return newest;
}

/** Runs `dist/<name>/main.mjs` with the arguments of this process; `sources` are the folders it is made of. */
export function runBundle(name, sources) {
  const bundle = join(root, 'dist', name, 'main.mjs');
  const builtAt = existsSync(bundle) ? statSync(bundle).mtimeMs : 0;
  if (sources.some((source) => newestChange(join(root, source)) > builtAt)) {
    const built = spawnSync(nodeBinary(), [...nodeArguments, join(root, 'tools/build.ts'), name], { stdio: 'inherit' });
    if (built.status !== 0) process.exit(built.status ?? 1);
  }
  const child = spawn(nodeBinary(), ['--enable-source-maps', ...nodeArguments, bundle, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
