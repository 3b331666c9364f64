import type { Json, JsonObject } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import { RE2JS } from 're2js';
import { isIndex, itemStepOf } from './path-lookup.ts';
import { isScalar, plainText, untypedScalar } from './scalar-text.ts';

/** Why a path cannot be followed. */
export class PathMatchError extends Error {}

/** A field or a list item that a path leads to. */
export interface Place {
  readonly holder: JsonObject | Json[];
  readonly key: string | number;
  /** It was made for this path, and has no type yet. */
  readonly isNew: boolean;
}

/** What is made where the path leads to nothing; `none`: nothing is. */
export type CreatedKind = 'none' | 'scalar' | 'map' | 'list';

/** All places that a path leads to; list steps select several items. */
export function matchPath(root: JsonObject | Json[], steps: readonly string[], create: CreatedKind): Place[] {
  const top: JsonObject = { root };
  return new PathMatch(steps, create).from({ holder: top, key: 'root', isNew: false }, 0);
}

export function valueAt(place: Place): Json {
  const { holder } = place;
  return (Array.isArray(holder) ? holder[Number(place.key)] : holder[place.key]) ?? null;
}

class PathMatch {
  readonly #steps: readonly string[];
  readonly #create: CreatedKind;

  constructor(steps: readonly string[], create: CreatedKind) {
    this.#steps = steps;
    this.#create = create;
  }

  from(place: Place, depth: number): Place[] {
    const step = this.#steps[depth];
    if (step === undefined) return [place];
    const value = valueAt(place);
    if (isIndex(step)) return this.#index(asList(value), Number(step), depth);
    if (step.startsWith('[') && step.endsWith(']')) return this.#items(asList(value), step, depth);
    if (step === '*') {
      return asList(value).flatMap((_item, index, list) =>
        this.from({ holder: list, key: index, isNew: false }, depth + 1),
      );
    }
    return this.#field(value, step, depth);
  }

  #field(value: Json, step: string, depth: number): Place[] {
    if (value === null && this.#create === 'none') return [];
    if (!isJsonObject(value)) throw new PathMatchError(`"${step}" is asked of something that is no map`);
    if (step === '__proto__') throw new PathMatchError('the field "__proto__" is not allowed');
    const isNew = !Object.hasOwn(value, step);
    if (isNew && this.#create === 'none') return [];
    if (isNew) value[step] = this.#blank(depth + 1);
    const place = { holder: value, key: step, isNew };
    const isEnd = depth + 1 === this.#steps.length;
    if (!isEnd && isScalar(valueAt(place))) throw new PathMatchError(`"${step}" is a single value`);
    return this.from(place, depth + 1);
  }

  #index(list: Json[], index: number, depth: number): Place[] {
    const isNew = index === list.length && this.#create !== 'none';
    if (isNew) list.push(this.#blank(depth + 1));
    if (index >= list.length) throw new PathMatchError(`there is no list item ${index}`);
    return this.from({ holder: list, key: index, isNew }, depth + 1);
  }

  #items(list: Json[], step: string, depth: number): Place[] {
    const wanted = itemStepOf(step);
    if (wanted === null) throw new PathMatchError(`"${step}" is not written as [field=value]`);
    const pattern = compile(wanted.value);
    const found = list.flatMap((item, index) => {
      const text = textToMatch(item, wanted.field);
      if (text === null || !pattern(text)) return [];
      const place = { holder: list, key: index, isNew: false };
      return wanted.field === '' ? [place] : this.from(place, depth + 1);
    });
    if (found.length > 0 || this.#create === 'none') return found;
    const value = untypedScalar(wanted.value);
    if (value === undefined || !pattern(plainText(value))) throw new PathMatchError(`"${step}" cannot be made`);
    list.push(wanted.field === '' ? value : { [wanted.field]: value });
    return this.#items(list, step, depth);
  }

  /** An empty value for what stands before a step. */
  #blank(depth: number): Json {
    const next = this.#steps[depth];
    if (next === undefined) {
      if (this.#create === 'list') return [];
      return this.#create === 'map' ? {} : '';
    }
    return isIndex(next) || (next.startsWith('[') && next.endsWith(']')) ? [] : {};
  }
}

function asList(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  throw new PathMatchError('a list is expected');
}

function textToMatch(item: Json, field: string): string | null {
  if (field === '') {
    if (!isScalar(item)) throw new PathMatchError('a list has items that are no single values');
    return plainText(item);
  }
  if (!isJsonObject(item) || !Object.hasOwn(item, field)) return null;
  const value = item[field] ?? null;
  if (!isScalar(value)) throw new PathMatchError(`"${field}" of a list item is no single value`);
  return plainText(value).trim();
}

const isPlain = /^[A-Za-z0-9_-]*$/;

// Found anywhere in the text, as kustomize does it: `[name=web]` also selects `web-2`.
function compile(source: string): (text: string) => boolean {
  if (isPlain.test(source)) return (text) => text.includes(source);
  // Kustomize looks at the text as it is written, quotes and comments included.
  if (/[\^$]/.test(source)) throw new PathMatchError(`"${source}": anchors are not supported here`);
  try {
    const pattern = RE2JS.compile(source);
    return (text) => pattern.matcher(text).find();
  } catch (error) {
    if (error instanceof Error) throw new PathMatchError(`"${source}" is no regular expression`);
    throw error;
  }
}
