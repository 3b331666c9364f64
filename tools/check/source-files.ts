import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Files of the repository that git knows or would add, by suffix; what is ignored is not ours. */
export function repositoryFiles(...suffixes: string[]): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return listed
    .split('\0')
    .filter((path) => path !== '' && suffixes.some((suffix) => path.endsWith(suffix)))
    .filter((path) => existsSync(join(root, path)))
    .sort();
}

export function readSource(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function isSpec(path: string): boolean {
  return /\.([a-z]+-)?spec\.ts$/.test(path);
}

/** Written by a program; checked against its generator and not by eye. */
export function isGenerated(path: string): boolean {
  return path.endsWith('.gen.ts');
}
