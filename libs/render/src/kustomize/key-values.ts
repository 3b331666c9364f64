import { fail } from '../finding.ts';
import { baseName } from '../source/tree-path.ts';
import { decodeUtf8 } from '../source/utf8.ts';
import type { GeneratorEntry } from './kustomization.ts';

/** A value is text, or bytes when it is no valid UTF-8. */
export type KeyValues = Map<string, string | Uint8Array>;

export interface KeyValueFiles {
  /** Reads a file named by the generator. */
  read(path: string): string | Uint8Array;
  /** The kustomization, for messages. */
  readonly file: string;
}

/** Collects the entries of a generator: env files first, then literals, then files; no key twice. */
export function collectKeyValues(entry: GeneratorEntry, files: KeyValueFiles): KeyValues {
  const values: KeyValues = new Map();
  const put = (key: string, value: string | Uint8Array): void => {
    if (key === '__proto__') fail({ file: files.file, message: 'the key "__proto__" is not allowed' });
    if (values.has(key))
      fail({ file: files.file, message: `the generator "${entry.name}" has the key "${key}" twice` });
    values.set(key, value);
  };
  for (const path of entry.envs) {
    for (const [key, value] of envLines(files.read(path), path)) put(key, value);
  }
  for (const literal of entry.literals) {
    const equals = literal.indexOf('=');
    if (equals < 1) fail({ file: files.file, message: `the literal "${literal}" is not written as key=value` });
    put(literal.slice(0, equals), withoutQuotes(literal.slice(equals + 1)));
  }
  for (const source of entry.files) {
    const { key, path } = fileSource(source, files.file);
    put(key, asText(files.read(path)));
  }
  return values;
}

function fileSource(source: string, file: string): { key: string; path: string } {
  const parts = source.split('=');
  const [first = '', second] = parts;
  if (second === undefined) return { key: baseName(source.replace(/\/+$/, '')), path: source };
  if (parts.length > 2 || first === '' || second === '')
    fail({ file, message: `"${source}" is not written as key=path` });
  return { key: first, path: second };
}

function envLines(content: string | Uint8Array, path: string): [string, string][] {
  const text = asText(content);
  if (typeof text !== 'string') fail({ file: path, message: 'the file is no valid UTF-8' });
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  return lines.flatMap((line, index): [string, string][] => {
    const isLast = index === lines.length - 1;
    const trimmed = (isLast ? line : line.replace(/\r$/, '')).replace(
      /^[\t\v\f\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/,
      '',
    );
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const equals = trimmed.indexOf('=');
    return [equals < 0 ? [trimmed, ''] : [trimmed.slice(0, equals), trimmed.slice(equals + 1)]];
  });
}

function withoutQuotes(text: string): string {
  const first = text[0];
  const isQuoted = text.length > 1 && (first === '"' || first === "'") && text.endsWith(first);
  return isQuoted ? text.slice(1, -1) : text;
}

function asText(content: string | Uint8Array): string | Uint8Array {
  return typeof content === 'string' ? content : (decodeUtf8(content) ?? content);
}
