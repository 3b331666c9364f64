import type { JsonObject } from './json.ts';
import { fieldOf } from './json.ts';

/** A selector written as for kubectl (`app=shop,tier in (web, api),!old`) is none. */
export class SelectorTextError extends Error {}

type Condition = (labels: JsonObject) => boolean;

const term = /^\s*(?:(!)\s*([\w./-]+)|([\w./-]+)(?:\s*(==|=|!=)\s*([\w.-]*)|\s+(in|notin)\s*\(([^()]*)\))?)\s*$/;

/** Reads a label or annotation selector; the empty one matches everything. */
export function parseSelectorText(text: string): (labels: JsonObject) => boolean {
  if (text.trim() === '') return () => true;
  const conditions = splitTerms(text).map(conditionOf);
  return (labels) => conditions.every((condition) => condition(labels));
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character !== ',' || depth > 0) continue;
    terms.push(text.slice(start, index));
    start = index + 1;
  }
  return [...terms, text.slice(start)];
}

function conditionOf(text: string): Condition {
  const match = term.exec(text);
  if (match === null) throw new SelectorTextError(`"${text.trim()}" is no selector`);
  const [, not, absent, key = '', sign, value = '', set, list = ''] = match;
  if (not !== undefined) return (labels) => valueOf(labels, absent ?? '') === undefined;
  if (set !== undefined) return setCondition(key, set, list);
  if (sign === undefined) return (labels) => valueOf(labels, key) !== undefined;
  if (sign === '!=') return (labels) => valueOf(labels, key) !== value;
  return (labels) => valueOf(labels, key) === value;
}

function setCondition(key: string, set: string, list: string): Condition {
  const values = list.split(',').map((value) => value.trim());
  if (set === 'in') return (labels) => values.includes(valueOf(labels, key) ?? '\0');
  return (labels) => !values.includes(valueOf(labels, key) ?? '\0');
}

function valueOf(labels: JsonObject, key: string): string | undefined {
  const value = fieldOf(labels, key);
  if (value === undefined) return undefined;
  return value === null ? 'null' : String(value);
}
