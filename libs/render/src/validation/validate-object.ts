import type { Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { canonicalJson, escapePointer, isJsonObject, nearestName } from '@fairlead/manifests';
import { compilePattern } from '../text-pattern.ts';
import type { Schema, SchemaSet } from './schema-set.ts';

/** Something the schema of a kind does not allow. */
export interface SchemaProblem {
  /** RFC 6901 pointer into the object. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

const mostProblems = 20;
const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const rawObject = 'io.k8s.apimachinery.pkg.runtime.RawExtension';
const objectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const integerBounds: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

/**
 * What is wrong with an object by the schema of its kind: unknown and missing fields, types, values, doubles in keyed
 * lists. At most twenty problems. Null fields count as absent, as the API server has it.
 */
export function validateObject(object: KubeObject, schema: Schema, schemas: SchemaSet): SchemaProblem[] {
  const isCustom = schema['x-kubernetes-group-version-kind'] === undefined;
  const resolved = schemas.resolve(schema);
  // Definitions of users describe neither of these; the server adds them.
  const properties = isCustom
    ? {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        ...fields(resolved, 'properties'),
        metadata: { $ref: objectMeta },
      }
    : fields(resolved, 'properties');
  const check = new ObjectCheck(schemas);
  check.checkValue(object, { ...resolved, properties }, '');
  return check.problems.slice(0, mostProblems);
}

/** One walk through an object. */
class ObjectCheck {
  readonly problems: SchemaProblem[] = [];
  readonly #schemas: SchemaSet;

  constructor(schemas: SchemaSet) {
    this.#schemas = schemas;
  }

  checkValue(value: Json, given: Schema, path: string): void {
    if (value === null || this.problems.length >= mostProblems) return;
    if (given['$ref'] === quantity) return this.#checkQuantity(value, path);
    if (given['$ref'] === rawObject) return;
    const schema = this.#schemas.resolve(given);
    if (schema['x-kubernetes-int-or-string'] === true || schema['format'] === 'int-or-string') {
      const isRight = typeof value === 'string' || Number.isInteger(value) || typeof value === 'bigint';
      if (!isRight) this.#say(path, 'must be a whole number or a text');
      return;
    }
    const expected = typeProblem(value, schema);
    if (expected !== null) return this.#say(path, `must be ${expected}, not ${described(value)}`);
    this.#checkScalar(value, schema, path);
    if (isJsonObject(value)) this.#checkObject(value, schema, path);
    else if (Array.isArray(value)) this.#checkList(value, schema, path);
  }

  #checkObject(value: JsonObject, schema: Schema, path: string): void {
    const properties = fields(schema, 'properties');
    const others = schema['additionalProperties'];
    const isOpen =
      schema['x-kubernetes-preserve-unknown-fields'] === true ||
      schema['x-kubernetes-embedded-resource'] === true ||
      others === true ||
      (Object.keys(properties).length === 0 && others === undefined);
    for (const [name, field] of Object.entries(value)) {
      const at = `${path}/${escapePointer(name)}`;
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (isJsonObject(property)) this.checkValue(field, property, at);
      else if (isJsonObject(others)) this.checkValue(field, others, at);
      else if (!isOpen) {
        const nearest = nearestName(name, Object.keys(properties));
        this.#say(at, `unknown field "${name}"`, nearest === null ? undefined : `did you mean "${nearest}"?`);
      }
    }
    const required = schema['required'];
    for (const name of Array.isArray(required) ? required : []) {
      const isGiven = Object.hasOwn(value, String(name)) && value[String(name)] !== null;
      // The server fills in what has a default.
      const hasDefault = Object.hasOwn(fields(properties, String(name)), 'default');
      if (!isGiven && !hasDefault) this.#say(path, `"${String(name)}" is missing`);
    }
  }

  #checkList(value: readonly Json[], schema: Schema, path: string): void {
    const items = schema['items'];
    if (isJsonObject(items)) value.forEach((item, index) => this.checkValue(item, items, `${path}/${index}`));
    this.#bound(value.length, schema, ['minItems', 'maxItems'], 'entries', path);
    const keys = schema['x-kubernetes-list-map-keys'];
    if (schema['x-kubernetes-list-type'] === 'set')
      this.#refuseDoubles(
        value.map((item) => canonicalJson(item)),
        path,
      );
    if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(keys)) return;
    const itemFields = isJsonObject(items) ? fields(this.#schemas.resolve(items), 'properties') : {};
    this.#refuseDoubles(
      value.map((item) => {
        const parts = keys.map((key) =>
          isJsonObject(item) ? (item[String(key)] ?? defaultOf(itemFields, String(key))) : item,
        );
        // An item without its key is said to miss it, not to be a double.
        return parts.some((part) => part === undefined) ? null : canonicalJson(parts as Json);
      }),
      path,
    );
  }

  #refuseDoubles(keys: readonly (string | null)[], path: string): void {
    const seen = new Set<string>();
    keys.forEach((key, index) => {
      if (key === null) return;
      if (seen.has(key)) this.#say(`${path}/${index}`, `is there twice: ${key}`);
      seen.add(key);
    });
  }

  #checkScalar(value: Json, schema: Schema, path: string): void {
    const allowed = schema['enum'];
    if (Array.isArray(allowed) && !allowed.some((each) => each === value)) {
      const nearest = typeof value === 'string' ? nearestName(value, allowed.map(String)) : null;
      const hint = nearest === null ? undefined : `did you mean "${nearest}"?`;
      this.#say(path, `must be one of ${allowed.map(String).join(', ')}`, hint);
    }
    if (typeof value === 'string') {
      this.#bound(value.length, schema, ['minLength', 'maxLength'], 'characters', path);
      const pattern = schema['pattern'];
      // Patterns come from definitions that anybody may write: linear time only. One that cannot be read is left to the server.
      if (typeof pattern === 'string' && matchesSomewhere(pattern, value) === false) {
        this.#say(path, `must match ${pattern.slice(0, 200)}`);
      }
    }
    if (typeof value !== 'number') return;
    const limit = integerBounds[String(schema['format'])];
    if (limit !== undefined && (value >= limit || value < -limit))
      this.#say(path, `does not fit ${String(schema['format'])}`);
    this.#bound(value, schema, ['minimum', 'maximum'], '', path);
  }

  #bound(size: number, schema: Schema, [least, most]: readonly [string, string], unit: string, path: string): void {
    const [low, high] = [schema[least], schema[most]];
    const suffix = unit === '' ? '' : ` ${unit}`;
    if (typeof low === 'number' && size < low) this.#say(path, `must be at least ${low}${suffix}`);
    if (typeof high === 'number' && size > high) this.#say(path, `must be at most ${high}${suffix}`);
  }

  #checkQuantity(value: Json, path: string): void {
    const isRight =
      typeof value === 'number' ||
      isWhole(value) ||
      (typeof value === 'string' && /^[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/.test(value));
    if (!isRight) this.#say(path, 'must be a quantity such as 500m, 2 or 1Gi');
  }

  #say(path: string, message: string, hint?: string): void {
    this.problems.push(hint === undefined ? { path, message } : { path, message, hint });
  }
}

function defaultOf(itemFields: JsonObject, key: string): Json | undefined {
  const given = fields(itemFields, key)['default'];
  return given ?? (key === 'protocol' ? 'TCP' : undefined);
}

function typeProblem(value: Json, schema: Schema): string | null {
  switch (schema['type']) {
    case 'string':
      return typeof value === 'string' ? null : 'a text';
    case 'boolean':
      return typeof value === 'boolean' ? null : 'true or false';
    case 'integer':
      return isWhole(value) ? null : 'a whole number';
    case 'number':
      return typeof value === 'number' || isWhole(value) ? null : 'a number';
    case 'array':
      return Array.isArray(value) ? null : 'a list';
    case 'object':
      return isJsonObject(value) ? null : 'a map';
    default:
      return null;
  }
}

function isWhole(value: Json): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function fields(object: Json | undefined, key: string): JsonObject {
  const value = isJsonObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
  return isJsonObject(value) ? value : {};
}

function described(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return 'a text';
  // Never the value: it may be part of a Secret.
  return typeof value === 'boolean' ? 'true or false' : 'a number';
}

/** Null when the pattern cannot be read. */
function matchesSomewhere(pattern: string, value: string): boolean | null {
  return compilePattern(`(?s:.*)(?:${pattern})(?s:.*)`)?.matches(value) ?? null;
}
