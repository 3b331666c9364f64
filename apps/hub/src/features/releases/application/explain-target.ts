import type { TargetExplanation } from '@fairlead/shared/contracts';
import { targetNotRendered } from '../domain/release.errors.ts';
import type { ReleaseQuery } from './release.query.ts';

/** Says of the objects of a target where in Git they come from, what changed them, and which variables had a say. */
export class ExplainTarget {
  readonly #query: ReleaseQuery;

  constructor(options: { query: ReleaseQuery }) {
    this.#query = options.query;
  }

  /** `object` is an id or a part of one, whatever its case. */
  async explain(target: { app: string; cluster: string }, object?: string): Promise<TargetExplanation> {
    const found = await this.#query.findExplained(target);
    if (found === null) throw targetNotRendered(target);
    const { release, digest } = found;
    const wanted = object?.toLowerCase() ?? '';
    const objects = found.objects.flatMap(({ id, explanation }) =>
      explanation !== null && id.toLowerCase().includes(wanted) ? [{ id, ...explanation }] : [],
    );
    return { ...target, release, digest, objects };
  }
}
