import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import { listOf, objectOf, textOf, textsOf } from '../json-reading.ts';
import { isClusterScopedForKustomize } from './cluster-scope.ts';
import type { MergeShape, MergeShapes } from './merge-shape.ts';
import { builtinShapes } from './merge-shape.ts';
import type { Resource } from './resource.ts';

/** The API schema of a build: the one of kustomize, or the first one that a kustomization names in `openapi`. */
export class SchemaInUse {
  #definitions: JsonObject | null = null;
  #kinds: ReadonlyMap<string, JsonObject> = new Map();
  #clusterKinds: ReadonlySet<string> = new Set();
  #isTouched = false;
  #isChosen = false;

  /** Says that objects were read by the present schema. */
  touch(): void {
    this.#isTouched = true;
  }

  /** A version of the built-in schema; there is only one. */
  chooseVersion(version: string, file: string): void {
    if (this.#isChosen) return;
    if (version !== '' && version !== 'v1.21.2') fail({ file, message: `openapi: there is no version "${version}"` });
    this.#isChosen = version !== '';
  }

  /** Takes a document with `definitions` in place of the built-in schema; the first one stays. */
  choose(document: Json, user: string, file: string): void {
    if (this.#isChosen) return;
    this.#isChosen = true;
    // What was read before would be seen by both schemas at once.
    if (this.#isTouched)
      fail({ file: user, message: 'openapi: name the schema in the kustomization that is built as well' });
    if (!isJsonObject(document)) fail({ file, message: 'the schema must be a map' });
    this.#definitions = objectOf(document, 'definitions') ?? {};
    this.#kinds = kindsOf(this.#definitions);
    this.#clusterKinds = clusterKindsOf(document);
  }

  readonly shapes: MergeShapes = (apiVersion, kind) => {
    if (this.#definitions === null) return builtinShapes(apiVersion, kind);
    const schema = this.#kinds.get(`${apiVersion}/${kind}`);
    return schema === undefined ? undefined : new SchemaShape(schema, this.#definitions);
  };

  /** Refuses objects of kinds that only the schema knows to have no namespace. */
  refuseUnclearScope(resources: readonly Resource[]): void {
    for (const { object, origin } of resources) {
      if (!this.#clusterKinds.has(`${object.apiVersion}/${object.kind}`)) continue;
      fail({ ...origin, message: `openapi: the scope of ${object.kind} would come from the schema` });
    }
  }
}

function kindsOf(definitions: JsonObject): Map<string, JsonObject> {
  const kinds = new Map<string, JsonObject>();
  for (const schema of Object.values(definitions)) {
    for (const gvk of listOf(schema, 'x-kubernetes-group-version-kind')) {
      const key = kindKey(gvk);
      if (key !== null && isJsonObject(schema)) kinds.set(key, schema);
    }
  }
  return kinds;
}

function kindKey(gvk: Json): string | null {
  const [group, version, kind] = [textOf(gvk, 'group'), textOf(gvk, 'version'), textOf(gvk, 'kind')];
  if (version === undefined || kind === undefined) return null;
  return group ? `${group}/${version}/${kind}` : `${version}/${kind}`;
}

function clusterKindsOf(document: JsonObject): Set<string> {
  const scopes = new Map<string, boolean>();
  for (const [path, operations] of Object.entries(objectOf(document, 'paths') ?? {})) {
    const key = kindKey(fieldOf(objectOf(operations, 'get'), 'x-kubernetes-group-version-kind') ?? null);
    if (key === null) continue;
    scopes.set(key, (scopes.get(key) ?? false) || path.includes('namespaces/{namespace}'));
  }
  const isKnown = (key: string): boolean => {
    const slash = key.lastIndexOf('/');
    return isClusterScopedForKustomize(key.slice(0, slash), key.slice(slash + 1));
  };
  return new Set([...scopes].filter(([key, isNamespaced]) => !isNamespaced && !isKnown(key)).map(([key]) => key));
}

/** The merge shape that a schema describes, read as far as it is asked for. */
class SchemaShape implements MergeShape {
  readonly #schema: JsonObject;
  readonly #definitions: JsonObject;

  constructor(schema: JsonObject, definitions: JsonObject) {
    this.#schema = schema;
    this.#definitions = definitions;
  }

  readonly fieldShape = (name: string): MergeShape | undefined => {
    const properties = objectOf(this.#schema, 'properties');
    return this.#shapeOf(fieldOf(properties, name) ?? objectOf(this.#schema, 'additionalProperties'));
  };

  get mergeKeys(): readonly string[] | undefined {
    const strategies = textOf(this.#schema, 'x-kubernetes-patch-strategy')?.split(',') ?? [];
    if (!strategies.includes('merge')) return undefined;
    if (fieldOf(this.#schema, 'x-kubernetes-list-map-keys') !== undefined)
      return textsOf(this.#schema, 'x-kubernetes-list-map-keys');
    const key = textOf(this.#schema, 'x-kubernetes-patch-merge-key');
    return key === undefined ? [] : [key];
  }

  get items(): MergeShape | undefined {
    const isList = fieldOf(this.#schema, 'type') === 'array';
    return isList ? this.#shapeOf(objectOf(this.#schema, 'items')) : undefined;
  }

  #shapeOf(schema: Json | undefined): MergeShape | undefined {
    let current = schema;
    for (let depth = 0; depth < 100; depth += 1) {
      if (!isJsonObject(current)) return undefined;
      const reference = textOf(current, '$ref');
      if (reference === undefined) return new SchemaShape(current, this.#definitions);
      if (!reference.startsWith('#/definitions/')) return undefined;
      current = fieldOf(this.#definitions, reference.slice('#/definitions/'.length).replaceAll('~1', '/'));
    }
    return undefined;
  }
}
