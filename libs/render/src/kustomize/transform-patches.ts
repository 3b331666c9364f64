import type { JsonObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject, isKubeObject } from '@fairlead/manifests';
import { fail, findingAt, RenderFailure } from '../finding.ts';
import type { ParsedFile } from '../source/parsed-files.ts';
import { parseText } from '../source/parsed-files.ts';
import type { MergePatch } from './apply-patches.ts';
import { patchNamed, patchSelected, patchWithJson, withTextMetadata } from './apply-patches.ts';
import type { BuildContext } from './build-context.ts';
import { ownPath, readFile, resolved } from './build-context.ts';
import type { Kustomization, PatchEntry } from './kustomization.ts';
import type { ResourceOrigin } from './resource.ts';
import { describeId } from './resource.ts';
import type { ResourceSet } from './resource-set.ts';
import { selectResources } from './select-resources.ts';

/** Applies the patches of a kustomization, in order. */
export function applyPatches(
  context: BuildContext,
  kustomization: Kustomization,
  directory: string,
  set: ResourceSet,
): void {
  kustomization.patches.forEach((entry, index) => {
    try {
      applyPatch(entry, new PatchSource(context, kustomization, directory, entry), set);
    } catch (error) {
      if (error instanceof RenderFailure) throw placedAt(error, kustomization, index);
      throw error;
    }
  });
}

function applyPatch(entry: PatchEntry, source: PatchSource, set: ResourceSet): void {
  const operations = source.operations();
  if (operations !== null) applyOperations(entry, operations, source.origin, set);
  else applyMerges(entry, source.merges(), source.origin, set);
}

/** Gives the findings about an inline patch the place of the patch in the kustomization. */
function placedAt(failure: RenderFailure, kustomization: Kustomization, index: number): RenderFailure {
  const { file, text } = kustomization;
  return new RenderFailure(
    failure.findings.map((finding) => {
      if (finding.file !== file) return finding;
      const inPatch = finding.line === undefined ? '' : `line ${finding.line} of the patch: `;
      return findingAt({ file, text, path: ['patches', index] }, `${inPatch}${finding.message}`, finding.hint);
    }),
  );
}

function applyOperations(
  entry: PatchEntry,
  operations: readonly JsonObject[],
  origin: ResourceOrigin,
  set: ResourceSet,
): void {
  if (entry.target === null) fail({ ...origin, message: 'a JSON patch needs a target' });
  const inexact = selectResources(set.resources, entry.target, origin).find(({ object }) => hasBigInteger(object));
  if (inexact !== undefined) {
    fail({ ...origin, message: `a JSON patch loses digits of integers beyond 2^53 in ${describeId(inexact.id)}` });
  }
  patchWithJson(set, entry.target, operations, origin);
}

function applyMerges(entry: PatchEntry, merges: readonly MergePatch[], origin: ResourceOrigin, set: ResourceSet): void {
  const options = { allowNameChange: entry.allowNameChange, allowKindChange: entry.allowKindChange };
  if (entry.target !== null) {
    const [patch, second] = merges;
    if (second !== undefined) fail({ ...origin, message: 'a patch with a target must be one document' });
    if (patch !== undefined) patchSelected(set, entry.target, withTextMetadata(patch), origin, options);
    return;
  }
  for (const { value: patch } of merges) {
    if (!isKubeObject(patch))
      fail({ ...origin, message: 'a patch without a target needs apiVersion, kind and metadata.name' });
    patchNamed(set, patch, origin, options);
  }
}

/** The text of a patch, read as what it is. */
class PatchSource {
  readonly origin: ResourceOrigin;
  readonly #context: BuildContext;
  readonly #inline: string | null;
  #parsed: { readonly dialect: 'sigs' | 'kyaml'; readonly file: ParsedFile } | null = null;

  constructor(context: BuildContext, kustomization: Kustomization, directory: string, entry: PatchEntry) {
    this.#context = context;
    this.#inline = 'text' in entry.source ? entry.source.text : null;
    const file =
      'text' in entry.source ? kustomization.file : ownPath(directory, entry.source.path, kustomization.file);
    this.origin = { file };
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

function hasBigInteger(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasBigInteger);
}
