import type { Json } from '@fairlead/manifests';
import type { ParsedFile } from '../source/parsed-files.ts';
import { CopyBudget } from './copy-budget.ts';
import type { BuildMetadata } from './kustomization.ts';
import { SchemaInUse } from './schema-in-use.ts';

/** What holds for one build as a whole, from the kustomization that is built down to its bases. */
export class BuildState {
  /** What the kustomization that is built asks for; it holds for its bases as well. */
  metadata: readonly BuildMetadata[] = [];
  readonly schema = new SchemaInUse();
  readonly budget = new CopyBudget();
  readonly #respelled = new Set<Json>();

  /** Remembers values that were written in a spelling that is lost: `0644`, `1.0`, `True`, a date. */
  note(file: ParsedFile): void {
    for (const { respelled } of file.documents) for (const value of respelled) this.#respelled.add(value);
  }

  /** Tells whether some value like this one was written in another spelling, which kustomize would copy. */
  readonly isRespelled = (value: Json): boolean => this.#respelled.has(value);
}
