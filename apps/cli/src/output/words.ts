import { formatAge } from '@fairlead/shared/kernel';
import type { Palette } from '../terminal.ts';

/** "3 s ago"; "never" for what has not happened. */
export function ago(instant: string | null, nowMs: number): string {
  return instant === null ? 'never' : `${formatAge(nowMs - Date.parse(instant))} ago`;
}

/** "in 5 min", or "expired" when that has passed. */
export function ahead(instant: string, nowMs: number): string {
  const leftMs = Date.parse(instant) - nowMs;
  return leftMs <= 0 ? 'expired' : `in ${formatAge(leftMs)}`;
}

/** The part of a commit or digest that people read. */
export function short(digest: string | null): string {
  return digest === null ? '-' : digest.slice(0, 7);
}

export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}

/** "1 cluster", "3 clusters". */
export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

const good = ['connected', 'ok', 'ready', 'healthy', 'succeeded', 'passed', 'corrected', 'done', 'applied'];
const bad = ['revoked', 'degraded', 'invalid', 'failed', 'rollbackFailed', 'halted', 'refused', 'waiting'];
const notable = [
  'unknown',
  'contended',
  'never',
  'paused',
  'rollingBack',
  'rolledBack',
  'open',
  'offline',
  'orphan-candidate',
];

/** A state in its colour, as words: "rolled back". Colour only repeats what the words say. */
export function paintState(state: string, paint: Palette): string {
  const words = state.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (good.includes(state)) return paint.green(words);
  if (bad.includes(state)) return paint.red(words);
  if (notable.includes(state)) return paint.yellow(words);
  return words;
}

/** A JSON value on one line, cut when it is long. */
export function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A long sentence for a place where only its beginning fits; `get` commands and JSON have all of it. */
export function shorten(text: string, length = 160): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}
