import type { ExternalOutputs } from '../external/external-engine.ts';
import type { Json, YamlDialect } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import type { ParseCache, ParsedFile } from '../source/parsed-files.ts';
import { readYamlFile } from '../source/parsed-files.ts';
import type { RenderLimits } from '../source/source-tree.ts';
import type { TracedTree } from '../source/traced-tree.ts';
import { isAtOrBelow, resolvePath } from '../source/tree-path.ts';
import type { VariableScope } from '../variables/variable-scope.ts';
import type { Kustomization } from './kustomization.ts';
import { readKustomization } from './read-kustomization.ts';

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** What every part of a build needs: files, variables, limits. */
export interface BuildContext {
  readonly tree: TracedTree;
  readonly cache: ParseCache;
  readonly scope: VariableScope;
  readonly limits: RenderLimits;
  /** What external programs printed for renders that need them. */
  readonly external: ExternalOutputs;
}

/** The kustomization file of a directory, or null when it has none. */
export function findKustomization(tree: TracedTree, directory: string): string | null {
  const names = tree.listDirectory(directory);
  const found = fileNames.filter((name) => names?.includes(name));
  const [first, second] = found;
  if (first === undefined) return null;
  if (second !== undefined)
    fail({ file: pathIn(directory, second), message: `there is also a ${first}; keep one of them` });
  return pathIn(directory, first);
}

/** Reads the kustomization of a directory. */
export function loadKustomization(context: BuildContext, directory: string): Kustomization {
  const path = findKustomization(context.tree, directory);
  if (path === null)
    fail({ file: pathIn(directory, 'kustomization.yaml'), message: 'there is no kustomization in this directory' });
  const file = readFile(context, path, 'sigs');
  const [document, second] = file.documents;
  if (second !== undefined) fail({ file: path, line: second.line, message: 'a kustomization is one document' });
  return readKustomization(resolved(context, file, document?.value ?? null, path), path, file.text);
}

/** The path of a file that a kustomization names; it must be in its directory or below. */
export function ownPath(directory: string, name: string, user: string): string {
  const path = resolvePath(directory, name);
  if (path === null || !isAtOrBelow(path, directory)) {
    fail({ file: user, message: `the file "${name}" is not in or below the directory of the kustomization` });
  }
  return path;
}

export function readFile(context: BuildContext, path: string, dialect: YamlDialect): ParsedFile {
  const file = readYamlFile(context.tree, context.cache, path, dialect);
  if (file === null) fail({ file: path, message: 'there is no such file' });
  return file;
}

/** The value of a document with its variables resolved; shared as it is when it has none. */
export function resolved(context: BuildContext, file: ParsedFile, value: Json, path: string, line?: number): Json {
  if (!file.mayContainReferences) return value;
  return context.scope.resolve(value, line === undefined ? { file: path } : { file: path, line });
}

export function pathIn(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
