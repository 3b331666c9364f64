import type { Json, JsonObject } from '@fairlead/manifests';
import type { PatchTarget } from '../app/patch-target.ts';
import { flagOf, objectOf, textOf } from '../json-reading.ts';
import type { JsonPatchEntry, PatchEntry } from './kustomization.ts';

/** Refuses an entry, at its place. */
export type Complain = (message: string) => never;

export function patchOf(entry: Json, complain: Complain): PatchEntry {
  const text = (textOf(entry, 'patch') ?? '').trim();
  const path = textOf(entry, 'path') ?? '';
  if (text === '' && path === '') complain('a patch needs "path" or "patch"');
  if (text !== '' && path !== '') complain('a patch has either "path" or "patch"');
  const options = objectOf(entry, 'options');
  const target = objectOf(entry, 'target');
  return {
    source: text === '' ? { path } : { text },
    target: target === undefined ? null : targetOf(target),
    allowNameChange: flagOf(options, 'allowNameChange') ?? false,
    allowKindChange: flagOf(options, 'allowKindChange') ?? false,
  };
}

export function jsonPatchOf(entry: Json, complain: Complain, textField = 'patch'): JsonPatchEntry {
  const text = textOf(entry, textField) ?? '';
  const path = textOf(entry, 'path') ?? '';
  if ((text === '') === (path === '')) complain(`a JSON patch has either "path" or "${textField}"`);
  const target = objectOf(entry, 'target');
  if (target === undefined || !textOf(target, 'name')) return complain('a JSON patch needs a target with a name');
  return { source: text === '' ? { path } : { text }, target: targetOf(target) };
}

export function targetOf(target: JsonObject): PatchTarget {
  return Object.fromEntries(Object.entries(target).filter(([, value]) => typeof value === 'string'));
}
