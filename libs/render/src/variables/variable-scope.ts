import type { Json, JsonObject } from '@fairlead/manifests';
import { canonicalJson, escapePointer, nearestName } from '@fairlead/manifests';
import { fail } from '../finding.ts';

const reference = /(\$?)\$\{((?:cluster|var|app)\.[^{}\s]+)\}/g;
const mayRefer = /\$\{(?:cluster|var|app)\./;

/** Where a value comes from, for the message when a name is unknown. */
export interface ValueOrigin {
  readonly file: string;
  readonly line?: number;
  /** Path of the entry in the file that is resolved. */
  readonly at?: string;
}

/** Tells places at which variables are used apart. */
export function placeKey({ file, line, at }: ValueOrigin): string {
  if (at !== undefined) return `${file}#${at}`;
  return line === undefined ? file : `${file}:${line}`;
}

/** Tells whether a text could contain a reference; most files do not, and are used as they are. */
export function mayContainReferences(text: string): boolean {
  return mayRefer.test(text);
}

/** The names a render may use, and a record of those it used. */
export class VariableScope {
  readonly #values: ReadonlyMap<string, Json>;
  readonly #clusterName: string;
  readonly #used = new Map<string, string>();
  readonly #places = new Map<string, Set<string>>();

  constructor(clusterName: string, values: ReadonlyMap<string, Json>) {
    this.#clusterName = clusterName;
    this.#values = values;
  }

  get used(): ReadonlyMap<string, string> {
    return this.#used;
  }

  /** The names used, by the key of the place that used them. */
  get places(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.#places;
  }

  /** Resolves every text below a value; the value itself is not changed. */
  resolve(value: Json, origin: ValueOrigin, path = ''): Json {
    if (typeof value === 'string') return this.resolveText(value, origin, path);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item, index) => this.resolve(item, origin, `${path}/${index}`));
    const fields: JsonObject = {};
    for (const [key, field] of Object.entries(value)) {
      fields[key] = this.resolve(field, origin, `${path}/${escapePointer(key)}`);
    }
    return fields;
  }

  /** Resolves one text; a text that is exactly one reference becomes the value itself, with its type. */
  resolveText(text: string, origin: ValueOrigin, path = ''): Json {
    if (!mayRefer.test(text)) return text;
    const [only] = text.matchAll(reference);
    if (only !== undefined && only[0] === text && only[1] === '') return this.#lookUp(only[2] ?? '', origin, path);
    return text.replaceAll(reference, (whole, escape: string, name: string) => {
      if (escape !== '') return whole.slice(1);
      const value = this.#lookUp(name, origin, path);
      if (typeof value !== 'object') return String(value);
      return fail(
        this.#finding(origin, path, `the variable "${name}" is no single value and cannot be part of a text`),
      );
    });
  }

  #lookUp(name: string, origin: ValueOrigin, path: string): Json {
    const value = this.#values.get(name);
    if (value === undefined) {
      const nearest = nearestName(name, this.#values.keys());
      const finding = this.#finding(origin, path, `unknown variable "${name}" for cluster "${this.#clusterName}"`);
      fail(nearest === null ? finding : { ...finding, hint: `did you mean "${nearest}"?` });
    }
    this.#used.set(name, canonicalJson(value));
    const key = placeKey(origin);
    const names = this.#places.get(key);
    if (names === undefined) this.#places.set(key, new Set([name]));
    else names.add(name);
    return value;
  }

  #finding({ file, line }: ValueOrigin, path: string, message: string) {
    return { file, ...(line === undefined ? {} : { line }), message: path === '' ? message : `${message}, at ${path}` };
  }
}
