import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { runtimeImports } from './import-cycles.ts';
import { readSource, repositoryFiles, root } from './source-files.ts';

/** Who imports whom at run time, between the TypeScript files of the repository. */
export function importGraph(): Map<string, string[]> {
  const packages = packageEntries();
  const paths = repositoryFiles('.ts').filter(
    (path) => !path.endsWith('.d.ts') && !path.startsWith('test/lint-fixtures/'),
  );
  return new Map(
    paths.map((path) => [
      path,
      runtimeImports(path, readSource(path)).flatMap((name) => {
        const target = name.startsWith('.') ? normalize(join(dirname(path), name)) : packages.get(name);
        return target !== undefined && existsSync(join(root, target)) ? [target] : [];
      }),
    ]),
  );
}

/** `@fairlead/shared/kernel` -> `libs/shared/src/kernel/index.ts`, from the `exports` of the workspaces. */
function packageEntries(): Map<string, string> {
  const entries = new Map<string, string>();
  for (const path of repositoryFiles('package.json')) {
    const manifest = JSON.parse(readSource(path)) as { name?: string; exports?: Record<string, string> };
    for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
      entries.set(join(manifest.name ?? '', entry), join(dirname(path), target));
    }
  }
  return entries;
}
