import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type BinaryName, cacheKey, goModuleNames } from '../versions.ts';
import { recipes } from './recipe.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where programs built for the bed are kept between runs and clones. */
export function cacheDirectory(environment: Environment = process.env): string {
  const root = environment['FAIRLEAD_CACHE'] || join(homedir(), '.cache', 'fairlead');
  return join(root, 'bed');
}

/**
 * Directories to look in, the most explicit first: what the user names for this project, what a machine set up for
 * Kubernetes tests already has, what was built here before. A directory need not have everything.
 */
export function searchDirectories(environment: Environment = process.env): readonly string[] {
  const named = [environment['FAIRLEAD_BED_BIN'], environment['KUBEBUILDER_ASSETS']];
  const built = goModuleNames.map((module) => join(cacheDirectory(environment), cacheKey(module)));
  return [...named.flatMap((directory) => (directory === undefined || directory === '' ? [] : directory)), ...built];
}

/** Where a build puts a program. */
export function builtDirectory(name: BinaryName, environment: Environment = process.env): string {
  return join(cacheDirectory(environment), cacheKey(recipes[name].module));
}

/** Path of a program in the first directory that has it, or null. */
export function findBinary(
  name: BinaryName,
  directories: readonly string[],
  isExecutable: (path: string) => boolean = isExecutableFile,
): string | null {
  for (const directory of directories) {
    const path = join(directory, name);
    if (isExecutable(path)) return path;
  }
  return null;
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
