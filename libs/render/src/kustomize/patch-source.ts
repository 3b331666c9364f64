import type { JsonObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import type { ParsedFile } from '../source/parsed-files.ts';
import { parseText } from '../source/parsed-files.ts';
import type { MergePatch } from './apply-patches.ts';
import type { BuildContext } from './build-context.ts';
import { ownPath, readFile, resolved } from './build-context.ts';
import type { BuildState } from './build-state.ts';
import type { PatchText } from './kustomization.ts';
import type { ResourceOrigin } from './resource.ts';
import type { StepSource } from './transform.ts';

/** The text of a patch, read as what it is. */
export class PatchSource {
  readonly origin: ResourceOrigin;
  readonly #context: BuildContext;
  readonly #inline: string | null;
  #parsed: { readonly dialect: 'sigs' | 'kyaml'; readonly file: ParsedFile } | null = null;

  readonly #state: BuildState;

  /** `at` is the entry of the kustomization, for patches that stand in it. */
  constructor({ context, state, kustomization, directory }: StepSource, source: PatchText, at?: string) {
    this.#context = context;
    this.#state = state;
    this.#inline = 'text' in source ? source.text : null;
    const file = 'text' in source ? kustomization.file : ownPath(directory, source.path, kustomization.file);
    this.origin = 'text' in source && at !== undefined ? { file, at } : { file };
  }

  /** The operations of a JSON patch, or null when it is a merge patch. */
  operations(): JsonObject[] | null {
    if (!this.#isList()) return null;
    const file = this.#read('sigs');
    const [document] = file.documents;
    if (!Array.isArray(document?.value)) return null;
    if (file.text.startsWith('[') && !isJson(file.text)) {
      fail({ ...this.origin, message: 'a JSON patch that starts with "[" must be JSON' });
    }
    const value = resolved(this.#context, file, document.value, this.origin.file);
    if (!Array.isArray(value) || !value.every(isJsonObject)) {
      fail({ ...this.origin, message: 'a JSON patch is a list of operations' });
    }
    return value;
  }

  merges(): MergePatch[] {
    const file = this.#read('kyaml');
    this.#state.note(file);
    return file.documents.flatMap((document) => {
      if (document.value === null) return [];
      const value = resolved(this.#context, file, document.value, this.origin.file);
      if (!isJsonObject(value) || !isNamed(value))
        fail({ ...this.origin, message: 'a patch needs kind and metadata.name, or must be a list of JSON operations' });
      return [{ value, nulls: document.nulls }];
    });
  }

  /** Tells whether the first document is a list; the text is read in the other dialect only then. */
  #isList(): boolean {
    const [document] = this.#read('kyaml').documents;
    return Array.isArray(document?.value);
  }

  #read(dialect: 'sigs' | 'kyaml'): ParsedFile {
    if (this.#inline !== null) return this.#parseInline(this.#inline, dialect);
    return readFile(this.#context, this.origin.file, dialect);
  }

  #parseInline(text: string, dialect: 'sigs' | 'kyaml'): ParsedFile {
    if (this.#parsed?.dialect !== dialect) this.#parsed = { dialect, file: parseText(text, this.origin.file, dialect) };
    return this.#parsed.file;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function isNamed(patch: JsonObject): boolean {
  const metadata = fieldOf(patch, 'metadata');
  return typeof fieldOf(patch, 'kind') === 'string' && typeof fieldOf(metadata, 'name') === 'string';
}
