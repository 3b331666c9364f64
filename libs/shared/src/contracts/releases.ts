import { z } from 'zod';
import { PageQuery } from './paging.ts';
import { Finding } from './sources.ts';

export const Release = z
  .object({
    id: z.int(),
    group: z.string(),
    number: z.int(),
    commit: z.string(),
    subject: z.string(),
    author: z.string(),
    digest: z.string(),
    /** `waiting`: something could not be rendered, nothing rolls out from it. */
    state: z.enum(['ready', 'waiting']),
    errors: z.array(Finding.extend({ app: z.string(), cluster: z.string().nullable() })),
    targets: z.int(),
    createdAt: z.string(),
  })
  .meta({ id: 'Release' });
export type Release = z.infer<typeof Release>;

export const ReleaseTarget = z
  .object({ app: z.string(), cluster: z.string(), digest: z.string(), objects: z.int() })
  .meta({ id: 'ReleaseTarget' });
export type ReleaseTarget = z.infer<typeof ReleaseTarget>;

export const ListReleases = PageQuery.extend({ group: z.string().min(1).max(253).optional() });
export type ListReleases = z.infer<typeof ListReleases>;

export const DiffRelease = z.strictObject({
  /** Release id; the one before it in the group when absent. */
  against: z.coerce.number().int().min(1).optional(),
});
export type DiffRelease = z.infer<typeof DiffRelease>;

/** What changes on one cluster. Secret values appear only as masks. */
export const ReleaseTargetDiff = z
  .object({
    app: z.string(),
    cluster: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    objects: z.array(
      z.object({
        /** `group/kind/namespace/name` */
        id: z.string(),
        change: z.enum(['added', 'removed', 'changed']),
        fields: z.array(z.object({ path: z.string(), from: z.json().optional(), to: z.json().optional() })),
      }),
    ),
  })
  .meta({ id: 'ReleaseTargetDiff' });
export type ReleaseTargetDiff = z.infer<typeof ReleaseTargetDiff>;

export const ReleaseDiff = z
  .object({
    release: z.int(),
    against: z.int().nullable(),
    /** At most 200 targets; `more` counts the others that differ. */
    items: z.array(ReleaseTargetDiff),
    more: z.int(),
    unchanged: z.int(),
  })
  .meta({ id: 'ReleaseDiff' });
export type ReleaseDiff = z.infer<typeof ReleaseDiff>;

/** How one rendered object came about. */
export const ObjectExplanation = z
  .object({
    /** Where it stands: a manifest, the template of a chart, or the kustomization with its generator. */
    file: z.string(),
    line: z.int().nullable(),
    /** What changed it since, in order. `at` is the path of the entry in that file, where it is one of several. */
    changes: z.array(
      z.object({
        by: z.enum([
          'patch',
          'configMapGenerator',
          'secretGenerator',
          'namePrefix',
          'nameSuffix',
          'namespace',
          'helm',
          'kustomize',
        ]),
        file: z.string(),
        line: z.int().nullable(),
        at: z.string().nullable(),
      }),
    ),
    /** Variables used there. `value` is JSON; null when it ends in a Secret, or is too long to be kept. */
    variables: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
  })
  .meta({ id: 'ObjectExplanation' });
export type ObjectExplanation = z.infer<typeof ObjectExplanation>;

export const ExplainTarget = z.strictObject({
  /** `group/kind/namespace/name`, or a part of it; everything when absent. */
  object: z.string().min(1).max(600).optional(),
});
export type ExplainTarget = z.infer<typeof ExplainTarget>;

/** Where the objects of a target come from, in what it has been assigned, else in the newest release that has it. */
export const TargetExplanation = z
  .object({
    app: z.string(),
    cluster: z.string(),
    release: z.object({ id: z.int(), number: z.int(), commit: z.string() }),
    digest: z.string(),
    objects: z.array(ObjectExplanation.extend({ id: z.string() })),
  })
  .meta({ id: 'TargetExplanation' });
export type TargetExplanation = z.infer<typeof TargetExplanation>;

/** The objects of one target in the order of application, Secret values masked. */
export const ReleaseManifests = z
  .object({
    app: z.string(),
    cluster: z.string(),
    digest: z.string(),
    objects: z.array(z.record(z.string(), z.json())),
  })
  .meta({ id: 'ReleaseManifests' });
export type ReleaseManifests = z.infer<typeof ReleaseManifests>;
