import type { Json, YamlDialect, YamlNull } from '@fairlead/manifests';
import { parseYamlDocuments, YamlError } from '@fairlead/manifests';
import { fail, findingOfYamlError, RenderFailure } from '../finding.ts';
import { mayContainReferences } from '../variables/variable-scope.ts';
import type { TracedTree } from './traced-tree.ts';
import { decodeUtf8 } from './utf8.ts';

export interface ParsedDocument {
  readonly value: Json;
  readonly line: number;
  readonly nulls: readonly YamlNull[];
  readonly respelled: readonly Json[];
}

/** A parsed file; shared between renders, so nobody may change it. */
export interface ParsedFile {
  readonly text: string;
  readonly documents: readonly ParsedDocument[];
  readonly mayContainReferences: boolean;
}

/** Parsed files by content; share one between renders of one process to parse each content once. */
export class ParseCache {
  readonly #files = new Map<string, ParsedFile>();
  readonly #maxTextLength: number;
  #textLength = 0;

  constructor(maxTextLength = 32 * 1024 * 1024) {
    this.#maxTextLength = maxTextLength;
  }

  get(key: string): ParsedFile | undefined {
    const file = this.#files.get(key);
    if (file === undefined) return undefined;
    this.#files.delete(key);
    this.#files.set(key, file);
    return file;
  }

  set(key: string, file: ParsedFile): void {
    this.#files.set(key, file);
    this.#textLength += file.text.length;
    for (const [oldest, old] of this.#files) {
      if (this.#textLength <= this.#maxTextLength) return;
      this.#files.delete(oldest);
      this.#textLength -= old.text.length;
    }
  }
}

/** Reads and parses a file; null when there is none. */
export function readYamlFile(
  tree: TracedTree,
  cache: ParseCache,
  path: string,
  dialect: YamlDialect,
): ParsedFile | null {
  const content = tree.readFile(path);
  if (content === null) return null;
  const contentId = tree.contentId(path);
  const key = contentId === null ? null : `${dialect} ${contentId}`;
  const known = key === null ? undefined : cache.get(key);
  if (known !== undefined) return known;
  const text = typeof content === 'string' ? content : decode(content, path);
  const file = parseText(text, path, dialect);
  if (key !== null) cache.set(key, file);
  return file;
}

/** Parses a text that stands in a file. */
export function parseText(text: string, file: string, dialect: YamlDialect): ParsedFile {
  try {
    const { documents } = parseYamlDocuments(text, { dialect, fileName: file });
    return { text, documents, mayContainReferences: mayContainReferences(text) };
  } catch (error) {
    if (error instanceof YamlError) throw new RenderFailure([findingOfYamlError(error)]);
    throw error;
  }
}

function decode(content: Uint8Array, path: string): string {
  const text = decodeUtf8(content);
  if (text === null) fail({ file: path, message: 'the file is no valid UTF-8' });
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
