import type { Json } from '@fairlead/manifests';
import { flagOf, listOf, numberOf, objectOf, textOf, textsOf } from '../json-reading.ts';
import type { Complain } from './read-patches.ts';
import { targetOf } from './read-patches.ts';
import type { FieldOptions, Replacement, ReplacementTarget } from './replacement.ts';
import type { ResourceOrigin } from './resource.ts';

const defaultPath = 'metadata.name';

/** Reads one replacement. */
export function replacementOf(entry: Json, origin: ResourceOrigin, complain: Complain): Replacement {
  const source = objectOf(entry, 'source');
  const value = textOf(entry, 'sourceValue');
  if (source !== undefined && value !== undefined) complain('a replacement has either "source" or "sourceValue"');
  const targets = listOf(entry, 'targets').map((target) => targetEntryOf(target, complain));
  if (targets.length === 0) complain('a replacement needs a source and a target');
  if (value !== undefined) return { source: { value }, targets, origin };
  if (source === undefined) return complain('a replacement needs a source and a target');
  return {
    source: {
      group: textOf(source, 'group') ?? '',
      version: textOf(source, 'version') ?? '',
      kind: textOf(source, 'kind') ?? '',
      name: textOf(source, 'name') ?? '',
      namespace: textOf(source, 'namespace') ?? '',
      fieldPath: textOf(source, 'fieldPath') || defaultPath,
      options: fieldOptionsOf(source),
    },
    targets,
    origin,
  };
}

function targetEntryOf(entry: Json, complain: Complain): ReplacementTarget {
  const select = objectOf(entry, 'select');
  if (select === undefined) return complain('a replacement target needs "select"');
  const paths = textsOf(entry, 'fieldPaths');
  return {
    select: targetOf(select),
    reject: listOf(entry, 'reject').map((reject) => targetOf(reject as never)),
    fieldPaths: paths.length === 0 ? [defaultPath] : paths,
    options: fieldOptionsOf(entry),
  };
}

function fieldOptionsOf(entry: Json): FieldOptions {
  const options = objectOf(entry, 'options');
  return {
    delimiter: textOf(options, 'delimiter') ?? '',
    index: numberOf(options, 'index') ?? 0,
    create: flagOf(options, 'create') ?? false,
  };
}
