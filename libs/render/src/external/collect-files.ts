import type { Json, YamlDialect } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import type { BuildContext } from '../kustomize/build-context.ts';
import { pathIn, resolved } from '../kustomize/build-context.ts';
import { parseText } from '../source/parsed-files.ts';
import { decodeUtf8 } from '../source/utf8.ts';
import { mayContainReferences } from '../variables/variable-scope.ts';
import type { ExternalFile } from './external-engine.ts';

const isYaml = /(?:\.ya?ml|\.json|(?:^|\/)Kustomization)$/;

/** A file as it is. */
export function rawFile(context: BuildContext, path: string): ExternalFile {
  const content = context.tree.readFile(path);
  if (content === null) fail({ file: path, message: 'there is no such file' });
  return { path, content };
}

/** A YAML file with the variables in its values resolved, read as its program reads it; any other file as it is. */
export function resolvedFile(context: BuildContext, path: string, dialect: YamlDialect): ExternalFile {
  const file = rawFile(context, path);
  if (!isYaml.test(path)) return file;
  const text = typeof file.content === 'string' ? file.content : decodeUtf8(file.content);
  if (text === null || !mayContainReferences(text)) return file;
  const parsed = parseText(text, path, dialect);
  const documents = parsed.documents.map((document) => resolved(context, parsed, document.value, path, document.line));
  return { path, content: writeDocuments(documents) };
}

/** JSON is YAML that every reader reads alike. */
export function writeDocuments(documents: readonly Json[]): string {
  return documents.map((document) => JSON.stringify(document)).join('\n---\n');
}

/** All files of a directory and below, sorted. */
export function filesBelow(context: BuildContext, directory: string, depth = 0): string[] {
  if (depth > context.limits.maxNesting) fail({ file: directory, message: 'directories are nested too deep' });
  const names = [...(context.tree.listDirectory(directory) ?? [])].sort();
  return names.flatMap((name) => {
    const path = pathIn(directory, name);
    return context.tree.listDirectory(path) === null ? [path] : filesBelow(context, path, depth + 1);
  });
}
