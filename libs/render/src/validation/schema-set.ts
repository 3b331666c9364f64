import type { Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';

/** A schema as Kubernetes writes it: OpenAPI with references by name and the `x-kubernetes-*` extensions. */
export type Schema = JsonObject;

/** Schemas by `apiVersion` and `kind`: those of a Kubernetes version, and those of custom resource definitions. */
export class SchemaSet {
  readonly #definitions: Readonly<Record<string, Schema>>;
  readonly #byKind = new Map<string, Schema>();

  /** Takes the definitions of an OpenAPI document by name. */
  constructor(definitions: Readonly<Record<string, Schema>>) {
    this.#definitions = definitions;
    for (const definition of Object.values(definitions)) {
      const kinds = definition['x-kubernetes-group-version-kind'];
      for (const entry of Array.isArray(kinds) ? kinds : []) {
        const group = String(fieldOf(entry, 'group') ?? '');
        const version = String(fieldOf(entry, 'version'));
        const apiVersion = group === '' ? version : `${group}/${version}`;
        this.#byKind.set(`${apiVersion} ${String(fieldOf(entry, 'kind'))}`, definition);
      }
    }
  }

  /** The schema of a kind; `extra` are those of definitions that come with the objects. */
  find(object: KubeObject, extra: ReadonlyMap<string, Schema>): Schema | null {
    const key = `${object.apiVersion} ${object.kind}`;
    return extra.get(key) ?? this.#byKind.get(key) ?? null;
  }

  /** The schema itself, whatever it refers to. */
  resolve(schema: Schema): Schema {
    const name = schema['$ref'];
    if (typeof name !== 'string') return schema;
    return (Object.hasOwn(this.#definitions, name) ? this.#definitions[name] : undefined) ?? {};
  }
}

/** The schemas that custom resource definitions among the objects give, by `apiVersion kind`. */
export function schemasOfDefinitions(objects: readonly KubeObject[]): Map<string, Schema> {
  const found = new Map<string, Schema>();
  for (const object of objects) {
    if (object.kind !== 'CustomResourceDefinition') continue;
    const group = fieldAt(object, ['spec', 'group']);
    const kind = fieldAt(object, ['spec', 'names', 'kind']);
    const versions = fieldAt(object, ['spec', 'versions']);
    for (const version of Array.isArray(versions) ? versions : []) {
      const schema: Json | undefined = fieldAt(version, ['schema', 'openAPIV3Schema']);
      if (!isJsonObject(schema)) continue;
      found.set(`${String(group)}/${String(fieldOf(version, 'name'))} ${String(kind)}`, schema);
    }
  }
  return found;
}
