import type { Json, JsonObject, KubeObject, YamlNull } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject, isKubeObject, resolvePlainScalar } from '@fairlead/manifests';
import { fail, forAll } from '../finding.ts';
import type { ParsedFile } from '../source/parsed-files.ts';
import type { BuildContext } from './build-context.ts';
import { resolved } from './build-context.ts';
import type { Resource, ResourceOrigin } from './resource.ts';
import { copyAsResource, metadataMap } from './resource.ts';

/** One object of a file, not yet copied. */
interface Found {
  readonly object: KubeObject;
  readonly origin: ResourceOrigin;
  readonly nulls: readonly YamlNull[];
}

// Files are shared between renders; what was found right once stays right.
const checkedFiles = new WeakSet<ParsedFile>();

/** Makes fresh resources of all objects of a file; lists are replaced by their items. */
export function resourcesOf(context: BuildContext, file: ParsedFile, path: string): Resource[] {
  if (!checkedFiles.has(file)) refuseUnclearSeparators(file.text, path);
  checkedFiles.add(file);
  const documents = file.documents.filter((document) => document.value !== null);
  return forAll(documents, (document) => {
    const origin = { file: path, line: document.line };
    const value = resolved(context, file, document.value, path, document.line);
    const isOnly = documents.length === 1;
    const found =
      isOnly && isPlainList(value)
        ? itemsOfPlainList(value, origin, document.nulls)
        : objectsOf(value, origin, document.nulls);
    return found.map(({ object, origin: place, nulls }) => withWrittenNulls(copyAsResource(object, place, nulls)));
  });
}

function isPlainList(value: Json): value is JsonObject {
  const kind = fieldOf(value, 'kind');
  return (kind === 'List' || kind === 'ResourceList') && fieldOf(value, 'items') !== undefined;
}

/** The items of a `kind: List` stand as if each were a document of its own. */
function itemsOfPlainList(list: JsonObject, origin: ResourceOrigin, nulls: readonly YamlNull[]): Found[] {
  const items = fieldOf(list, 'items');
  if (items === null) return [];
  if (!Array.isArray(items)) fail({ ...origin, message: '"items" must be a list' });
  return forAll([...items.entries()], ([index, item]) => {
    const own = nulls
      .filter(({ path }) => path[0] === 'items' && path[1] === index)
      .map(({ path, text }) => ({ path: path.slice(2), text }));
    return objectsOf(item, origin, own);
  });
}

function objectsOf(value: Json, origin: ResourceOrigin, nulls: readonly YamlNull[]): Found[] {
  if (!isJsonObject(value)) fail({ ...origin, message: 'a Kubernetes object must be a map' });
  if (Object.keys(value).length === 0) return [];
  const kind = fieldOf(value, 'kind');
  if (typeof kind === 'string' && kind.endsWith('List') && fieldOf(value, 'items') !== undefined) {
    const items = fieldOf(value, 'items');
    if (items === null) return [];
    if (!Array.isArray(items)) fail({ ...origin, message: '"items" must be a list' });
    return forAll(items, (item) => {
      refuseUnclearAnnotations(item, origin);
      return objectsOf(item, origin, []);
    });
  }
  return [{ object: checkedObject(value, origin), origin, nulls }];
}

function checkedObject(value: JsonObject, origin: ResourceOrigin): KubeObject {
  const causes = causesAgainst(value);
  if (causes.length > 0 || !isKubeObject(value))
    return fail({ ...origin, message: `this is no Kubernetes object: ${causes.join('; ')}` });
  return value;
}

/** Everything that keeps a map from being an object. */
function causesAgainst(value: JsonObject): string[] {
  const causes: string[] = [];
  for (const field of ['apiVersion', 'kind']) if (!isText(fieldOf(value, field))) causes.push(`${field} is missing`);
  if (!isText(fieldAt(value, ['metadata', 'name']))) {
    const isGenerated = isText(fieldAt(value, ['metadata', 'generateName']));
    causes.push(isGenerated ? 'metadata.name is missing, and generateName is none' : 'metadata.name is missing');
  }
  const namespace = fieldAt(value, ['metadata', 'namespace']);
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string')
    causes.push('metadata.namespace must be a text');
  for (const field of ['name', 'namespace']) {
    // No server takes such a name, and kustomize keeps lists of names with commas between them.
    if (/[\p{Cc},]/u.test(String(fieldAt(value, ['metadata', field]) ?? '')))
      causes.push(`metadata.${field} has a comma or a control character`);
  }
  const annotations = fieldAt(value, ['metadata', 'annotations']);
  const internal = Object.keys(isJsonObject(annotations) ? annotations : {}).find((key) =>
    key.startsWith('internal.config.kubernetes.io/'),
  );
  if (internal !== undefined) causes.push(`the annotation "${internal}" is reserved for kustomize itself`);
  return causes;
}

/** An annotation that is null is a text in the end: the text that stands in the file. */
function withWrittenNulls(resource: Resource): Resource {
  for (const { path, text } of resource.nulls) {
    const [metadata, field, key] = path;
    if (metadata !== 'metadata' || field !== 'annotations' || typeof key !== 'string' || path.length > 3) continue;
    metadataMap(resource.object, 'annotations')[key] = text;
  }
  return resource;
}

// The items of such lists are read as values, and only then become texts again: `1.0` becomes `1`.
function refuseUnclearAnnotations(item: Json, origin: ResourceOrigin): void {
  const annotations = fieldAt(item, ['metadata', 'annotations']);
  const unclear = Object.entries(isJsonObject(annotations) ? annotations : {}).find(
    ([, value]) => typeof value !== 'string' || resolvePlainScalar(value, 'kyaml') !== value,
  );
  if (unclear !== undefined)
    fail({ ...origin, message: `the annotation "${unclear[0]}" of a list item is no plain text` });
}

// Kustomize splits a file at lines that start with `---`, and reads one document from each part.
function refuseUnclearSeparators(text: string, file: string): void {
  if (!text.includes('\n---') && !text.includes('\n...')) return;
  const unclear = /\n---[^\n]*[^\s#-][^\n]*\n|\n\.\.\.[ \t]*(?:\n|$)/.exec(text);
  if (unclear === null) return;
  const separator = unclear[0].trim();
  if (/^---\s*(?:#|$)/.test(separator)) return;
  const line = text.slice(0, unclear.index + 1).split('\n').length;
  fail({ file, line, message: 'nothing may stand beside a document separator' });
}

function isText(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== '';
}
