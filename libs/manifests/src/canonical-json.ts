import type { Json } from './json.ts';

/**
 * Writes a value as canonical JSON: sorted keys, no spaces, integers exact.
 * Two values have the same text exactly when they mean the same.
 */
export function canonicalJson(value: Json): string {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      if (!Number.isFinite(value)) throw new RangeError('a number that JSON cannot hold');
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalList(value) : canonicalFields(value);
    case 'undefined':
      throw new TypeError('undefined has no canonical JSON');
    default:
      return JSON.stringify(value);
  }
}

function canonicalList(items: readonly Json[]): string {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) {
    if (index > 0) text += ',';
    text += canonicalJson(items[index] ?? null);
  }
  return text + ']';
}

function canonicalFields(fields: { readonly [key: string]: Json }): string {
  let text = '{';
  for (const key of sortedKeys(fields)) {
    const field = fields[key];
    if (field === undefined) continue;
    if (text.length > 1) text += ',';
    text += quotedKey(key) + ':' + canonicalJson(field);
  }
  return text + '}';
}

function sortedKeys(fields: object): string[] {
  const keys = Object.keys(fields);
  for (let index = 1; index < keys.length; index += 1) {
    // Most maps are small and many are sorted already.
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return keys.sort();
  }
  return keys;
}

// The same few field names come again and again.
const quotedKeys = new Map<string, string>();
const maxQuotedKeys = 5000;

function quotedKey(key: string): string {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const quoted = JSON.stringify(key);
  if (quotedKeys.size < maxQuotedKeys) quotedKeys.set(key, quoted);
  return quoted;
}

const longDigits = /\d{16,}/;
const integerText = /^-?\d+$/;

interface ReviverContext {
  readonly source?: string;
}

// The standard library types know the reviver's third argument only in later versions.
const parseWithSource = JSON.parse as (
  text: string,
  reviver?: (key: string, value: Json, context: ReviverContext) => Json,
) => Json;

/** Parses JSON; integers beyond 2^53 become `bigint`, so that a round trip changes nothing. */
export function parseExactJson(text: string): Json {
  // The reviver makes parsing several times slower: pay only when a long number is there.
  if (!longDigits.test(text)) return parseWithSource(text);
  return parseWithSource(text, (_key, value, context) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    return context.source !== undefined && integerText.test(context.source) ? BigInt(context.source) : value;
  });
}
