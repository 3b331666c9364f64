import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { encodeBase64, fieldOf, isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import type { KeyValueFiles } from './key-values.ts';
import { collectKeyValues } from './key-values.ts';
import type { GeneratorEntry } from './kustomization.ts';
import type { Provenance } from './provenance.ts';
import { describeId, metadataMap, Resource } from './resource.ts';
import type { ResourceSet } from './resource-set.ts';

/** Makes the ConfigMap or Secret of a generator, and adds it, or merges it into the one that is there. */
export function generate(
  kind: 'ConfigMap' | 'Secret',
  entry: GeneratorEntry,
  files: KeyValueFiles,
  into: ResourceSet,
  provenance: Provenance | null = null,
): void {
  const resource = new Resource(makeObject(kind, entry, files), { file: files.file });
  resource.needsHash = !entry.options.disableNameSuffixHash;
  resource.isGenerated = true;
  resource.provenance = provenance;
  resource.noteChange(kind === 'Secret' ? 'secretGenerator' : 'configMapGenerator', { file: files.file });
  const matches = into.withAnyId(resource.id);
  const [old] = matches;
  const complain = (message: string): never =>
    fail({ file: files.file, message: `${describeId(resource.id)} ${message}` });
  if (matches.length > 1) complain('could be merged into several resources');
  if (old === undefined) {
    if (entry.behavior !== 'create') complain(`is not there, so behavior "${entry.behavior}" is not possible`);
    into.append(resource);
    return;
  }
  if (entry.behavior === 'create') complain('is there already; set behavior to merge or replace');
  takeIdentity(resource, old);
  if (entry.behavior === 'merge') resource.changes = [...old.changes, ...resource.changes];
  if (entry.behavior === 'merge' && old.provenance !== null) resource.provenance = old.provenance;
  if (entry.behavior === 'merge') mergeContents(resource.object, old.object);
  into.replace(old, resource);
}

function makeObject(kind: 'ConfigMap' | 'Secret', entry: GeneratorEntry, files: KeyValueFiles): KubeObject {
  const object: KubeObject = { apiVersion: 'v1', kind, metadata: { name: entry.name } };
  if (entry.namespace !== '') object.metadata['namespace'] = entry.namespace;
  if (kind === 'Secret') Object.assign(object, { type: entry.type, data: {} });
  for (const [key, value] of collectKeyValues(entry, files)) {
    if (kind === 'Secret') entryOf(object, 'data')[key] = wrapBase64(encodeBase64(value));
    else if (typeof value === 'string') entryOf(object, 'data')[key] = value;
    else entryOf(object, 'binaryData')[key] = wrapBase64(encodeBase64(value));
  }
  for (const field of ['labels', 'annotations'] as const) {
    const entries = Object.entries(entry.options[field]);
    if (entries.length > 0) object.metadata[field] = Object.fromEntries(entries);
  }
  if (entry.options.immutable) object['immutable'] = true;
  return object;
}

function entryOf(object: KubeObject, field: string): JsonObject {
  const present = fieldOf(object, field);
  if (isJsonObject(present)) return present;
  const created: JsonObject = {};
  object[field] = created;
  return created;
}

// Kustomize breaks long base64 into lines, and the breaks are part of the hashed content.
function wrapBase64(encoded: string): string {
  const width = 70;
  if (encoded.length < width) return encoded;
  return encoded.replaceAll(/.{1,70}/g, (line) => `${line}\n`);
}

/** Takes over what the resource had before: name, labels, annotations, history. */
function takeIdentity(resource: Resource, old: Resource): void {
  const { object } = resource;
  for (const field of ['labels', 'annotations'] as const) {
    const merged = { ...asTexts(metadataMap(old.object, field)), ...metadataMap(object, field) };
    if (Object.keys(merged).length > 0) object.metadata[field] = merged;
    else delete object.metadata[field];
  }
  resource.name = old.name;
  if (old.namespace === '') delete object.metadata['namespace'];
  else object.metadata['namespace'] = old.namespace;
  resource.previous = old.previous;
  resource.prefixes = old.prefixes;
  resource.suffixes = old.suffixes;
  resource.varNames.push(...old.varNames);
  resource.needsHash &&= old.needsHash;
  resource.transformations = old.transformations;
}

function mergeContents(object: KubeObject, old: KubeObject): void {
  for (const field of ['data', 'binaryData']) {
    const oldEntries = { ...textsAt(old, field), ...(field === 'data' ? encodedTexts(old) : {}) };
    const merged = { ...oldEntries, ...textsAt(object, field) };
    if (Object.keys(merged).length > 0) object[field] = merged;
    else delete object[field];
  }
}

/** The `stringData` of a Secret, encoded as its `data` would be. */
function encodedTexts(object: KubeObject): JsonObject {
  if (object.kind !== 'Secret') return {};
  const entries = Object.entries(textsAt(object, 'stringData'));
  return Object.fromEntries(entries.map(([key, value]) => [key, wrapBase64(encodeBase64(String(value)))]));
}

function textsAt(object: KubeObject, field: string): JsonObject {
  const map = fieldOf(object, field);
  return isJsonObject(map) ? asTexts(map) : {};
}

function asTexts(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value === null ? '' : String(value)]));
}
