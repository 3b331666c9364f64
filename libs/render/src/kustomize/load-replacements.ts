import type { Json } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import { fail, findingAt, RenderFailure } from '../finding.ts';
import { checkShape, withKnownNames } from '../schema-shape.ts';
import { ownPath, readFile, resolved } from './build-context.ts';
import type { Kustomization } from './kustomization.ts';
import { replacementShape } from './kustomization-shape.ts';
import { replacementOf } from './read-replacements.ts';
import type { Replacement } from './replacement.ts';
import type { StepSource } from './transform.ts';

/** The replacements of a kustomization, those in files included. */
export function loadReplacements(source: StepSource, entries: Kustomization['replacements']): Replacement[] {
  return entries.flatMap((entry) => ('path' in entry ? fromFile(source, entry.path) : [entry]));
}

function fromFile({ context, directory, kustomization }: StepSource, name: string): Replacement[] {
  const path = ownPath(directory, name, kustomization.file);
  const file = readFile(context, path, 'sigs');
  const [document, second] = file.documents;
  if (second !== undefined) fail({ file: path, line: second.line, message: 'replacements are one document' });
  const value = resolved(context, file, document?.value ?? null, path);
  const list: readonly Json[] = Array.isArray(value) ? value : [value];
  return list.map((written) => {
    if (!isJsonObject(written)) fail({ file: path, message: 'a replacement must be a map' });
    const entry = withKnownNames(written, replacementShape);
    const problems = checkShape(entry, replacementShape);
    if (problems.length > 0) {
      const text = Array.isArray(value) ? '' : file.text;
      throw new RenderFailure(
        problems.map(({ path: at, message, hint }) => findingAt({ file: path, text, path: at }, message, hint)),
      );
    }
    return replacementOf(entry, { file: path }, (message) => fail({ file: path, message }));
  });
}
