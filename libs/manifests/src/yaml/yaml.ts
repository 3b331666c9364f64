import type { Event } from 'js-yaml';
import { parseEvents, YAMLException } from 'js-yaml';
import type { Json } from '../json.ts';
import { TextLines } from './text-lines.ts';
import { YamlComposer } from './yaml-composer.ts';
import { YamlError } from './yaml-error.ts';
import type { YamlNull } from './yaml-path.ts';
import type { YamlDialect } from './yaml-scalars.ts';

const maxDepth = 100;
const maxDocuments = 1000;

export interface YamlOptions {
  readonly dialect: YamlDialect;
  /** Named in errors. */
  readonly fileName: string;
}

export interface YamlDocument {
  /** `null` for an empty document. */
  readonly value: Json;
  /** The line the content starts at. */
  readonly line: number;
  /** The nulls, as they were written. */
  readonly nulls: readonly YamlNull[];
  /** Values whose text in the file was another one: `0644`, `1.0`, `True`, a date. */
  readonly respelled: readonly Json[];
}

/**
 * Parses all documents of a YAML (or JSON) text. Duplicate keys, deep nesting, alias bombs and
 * values without a JSON form are refused with a {@link YamlError}. Values may share parts with each
 * other: treat them as read-only.
 */
export function parseYamlDocuments(text: string, options: YamlOptions): { documents: YamlDocument[] } {
  const lines = new TextLines(text);
  const events = readEvents(text, options.fileName);
  const composer = new YamlComposer({ text, events, ...options }, lines);
  const documents: YamlDocument[] = [];
  for (let document = composer.nextDocument(); document !== null; document = composer.nextDocument()) {
    documents.push(document);
    if (documents.length > maxDocuments) {
      throw new YamlError(
        { file: options.fileName, line: document.line, column: 1 },
        `more than ${maxDocuments} documents`,
      );
    }
  }
  return { documents };
}

/** Parser events, with the parser's complaints as {@link YamlError}. */
export function readEvents(text: string, fileName: string): Event[] {
  try {
    return parseEvents(text, { filename: fileName, maxDepth });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = { line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1 };
    throw new YamlError({ file: fileName, ...place }, error.reason);
  }
}
