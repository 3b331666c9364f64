import type { Json } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import { isScalar, plainText } from './scalar-text.ts';

/** The steps of a path such as `spec.list.[name=a.b].x`; `\.` is a dot inside a step. */
export function stepsOf(path: string): string[] {
  const split = splitAtDots(path);
  const steps: string[] = [];
  for (let index = 0; index < split.length; index += 1) {
    let step = split[index] ?? '';
    if (!step.startsWith('[') || step.endsWith(']')) {
      steps.push(step);
      continue;
    }
    while (index + 1 < split.length && !step.endsWith(']')) {
      index += 1;
      step += `.${split[index] ?? ''}`;
    }
    steps.push(step.includes('=') ? step : step.replace(/^[[\]]+|[[\]]+$/g, ''));
  }
  return steps;
}

function splitAtDots(path: string): string[] {
  const parts = path.split('.');
  if (parts.length > 1 && parts[0] === '') parts.shift();
  const joined: string[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.endsWith('\\') === true) joined[joined.length - 1] = `${last.slice(0, -1)}.${part}`;
    else joined.push(part);
  }
  return joined;
}

/** A step that selects list items by a field (`[name=web]`) or by value (`[=web]`). */
export function itemStepOf(step: string): { field: string; value: string } | null {
  if (!step.startsWith('[') || !step.endsWith(']')) return null;
  const inner = step.slice(1, -1);
  const equals = inner.indexOf('=');
  return equals < 0 ? null : { field: inner.slice(0, equals), value: inner.slice(equals + 1) };
}

export function isIndex(step: string): boolean {
  return /^\+?\d+$/.test(step);
}

/** Follows steps to one value; undefined when they lead nowhere. */
export function lookUp(value: Json, steps: readonly string[]): Json | undefined {
  let current: Json | undefined = value;
  for (const raw of steps) {
    const step = raw.trim();
    if (step === '') continue;
    current = oneStep(current, step);
    if (current === undefined || current === null) return undefined;
  }
  return current;
}

function oneStep(value: Json, step: string): Json | undefined {
  if (isIndex(step)) return Array.isArray(value) ? value[Number(step)] : undefined;
  if (step === '-') return Array.isArray(value) ? value.at(-1) : undefined;
  if (step === '*') return undefined;
  const item = itemStepOf(step);
  if (item === null) return step.startsWith('[') && step.endsWith(']') ? undefined : fieldOf(value, step);
  if (!Array.isArray(value)) return undefined;
  return value.find((entry) => {
    const field = item.field === '' ? entry : isJsonObject(entry) ? fieldOf(entry, item.field) : undefined;
    return field !== undefined && textOf(field) === item.value;
  });
}

function textOf(value: Json): string {
  return isScalar(value) ? plainText(value) : '';
}
