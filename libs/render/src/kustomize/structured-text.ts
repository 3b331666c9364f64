import type { Json, JsonObject } from '@fairlead/manifests';
import { canonicalJson, isJsonObject } from '@fairlead/manifests';
import { parseText } from '../source/parsed-files.ts';
import { lookUp } from './path-lookup.ts';
import { PathMatchError } from './path-match.ts';

/** A text inside an object that holds JSON, and the path that goes on inside it. */
export interface StructuredText {
  /** Steps to the text. */
  readonly outer: readonly string[];
  /** Steps inside the text. */
  readonly inner: readonly string[];
  readonly value: JsonObject | Json[];
  readonly text: string;
}

/** Finds where a path enters a text; null when it does not. Texts that are no JSON are refused. */
export function structuredTextAt(root: Json, steps: readonly string[]): StructuredText | null {
  for (let length = 1; length < steps.length; length += 1) {
    const outer = steps.slice(0, length);
    const text = lookUp(root, outer);
    if (text === undefined || typeof text === 'object') continue;
    const where = `"${outer.join('.')}"`;
    if (typeof text !== 'string' || !/^\s*[{[]/.test(text))
      throw new PathMatchError(`${where} is a text that is no JSON; fields inside it cannot be replaced here`);
    const [document, second] = parseText(text, outer.join('.'), 'kyaml').documents;
    const value = document?.value ?? null;
    if (second !== undefined || !(isJsonObject(value) || Array.isArray(value)))
      throw new PathMatchError(`${where} is no JSON`);
    return { outer, inner: steps.slice(length), value, text };
  }
  return null;
}

const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** Writes JSON as the standard library of Go does: keys sorted, in lines when the original was. */
export function writeStructured(value: Json, original: string): string {
  refuseFractions(value);
  const isPretty = original.includes('\n') && original.includes('  ');
  const text = isPretty ? indented(value, '') : canonicalJson(value);
  return text.replaceAll(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? '');
}

function indented(value: Json, margin: string): string {
  const inner = `${margin}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => inner + indented(item, inner)).join(',\n')}\n${margin}]`;
  }
  if (!isJsonObject(value)) return canonicalJson(value);
  const keys = Object.keys(value).sort();
  if (keys.length === 0) return '{}';
  const lines = keys.map((key) => `${inner}${JSON.stringify(key)}: ${indented(value[key] ?? null, inner)}`);
  return `{\n${lines.join(',\n')}\n${margin}}`;
}

// Go writes very large and very small fractions in another way.
function refuseFractions(value: Json): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value) && !/^-?\d+\.\d+$/.test(String(value)))
    throw new PathMatchError('the JSON has a number that would be written in another way');
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(refuseFractions);
}
