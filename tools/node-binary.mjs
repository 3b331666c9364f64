import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Flags every program of this repository runs with. */
export const nodeArguments = ['--disable-warning=ExperimentalWarning'];

/**
 * Path of a Node >= 24: the npm platform package when installed, else the running Node when it is new enough.
 * Throws with the fix when there is neither.
 */
export function nodeBinary() {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    const binary = join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node');
    if (existsSync(binary)) return binary;
  } catch {
    // Not every platform has a package; fall through to the running Node.
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(
    `Fairlead runs on Node 24. The package ${name} is not installed and this is Node ${process.versions.node}: run "npm install" first, or use Node 24.`,
  );
}
