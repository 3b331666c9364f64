import { spawn, spawnSync } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BedError } from '../bed-error.ts';
import type { BinaryName } from '../versions.ts';
import { buildArguments, recipes } from './recipe.ts';

const goModules = join(import.meta.dirname, '..', 'go');

/** Builds one program into `directory`. It appears there complete or not at all. */
export async function buildBinary(name: BinaryName, directory: string): Promise<string> {
  const recipe = recipes[name];
  const target = join(directory, name);
  const unfinished = join(directory, `.${name}.${process.pid}`);
  await mkdir(directory, { recursive: true });
  try {
    await runGo(goCommand(), buildArguments(recipe, unfinished), join(goModules, recipe.module), name);
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { force: true });
  }
  return target;
}

// Where the Go project's own installer puts it; it is often missing from the path of services and editors.
const usualPlaces = ['go', '/usr/local/go/bin/go'];

function goCommand(): string {
  const found = usualPlaces.find((command) => spawnSync(command, ['version']).status === 0);
  if (found !== undefined) return found;
  throw new BedError(
    'The Kubernetes programs of the test bed are built once, and that needs Go 1.26 (no "go" in PATH). ' +
      'Install Go, or set FAIRLEAD_BED_BIN to a directory that has the programs.',
  );
}

function runGo(go: string, args: readonly string[], cwd: string, name: BinaryName): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly -buildvcs=false' };
    const child = spawn(go, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let lastOutput = '';
    child.stderr.on('data', (chunk: Buffer) => {
      lastOutput = (lastOutput + chunk.toString()).slice(-4_000);
    });
    child.once('error', (error) => reject(new BedError(`${name} could not be built`, { cause: error })));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new BedError(`${name} could not be built (${signal ?? `go ended with ${code}`}):\n${lastOutput.trim()}`),
        );
    });
  });
}
