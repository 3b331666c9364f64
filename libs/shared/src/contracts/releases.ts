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

export const DiffRelease = z
  .strictObject({
    /** Release id; the one before it in the group when neither this nor two clusters are given. */
    against: z.coerce.number().int().min(1).optional(),
    /** With `againstCluster`: what `cluster` has that the other has not, within the release. */
    cluster: z.string().min(1).max(253).optional(),
    againstCluster: z.string().min(1).max(253).optional(),
  })
  .refine(({ cluster, againstCluster }) => (cluster === undefined) === (againstCluster === undefined), {
    message: 'cluster and againstCluster are given together',
    path: ['againstCluster'],
  })
  .refine(({ against, cluster }) => against === undefined || cluster === undefined, {
    message: 'compare either releases or clusters',
    path: ['against'],
  });
export type DiffRelease = z.infer<typeof DiffRelease>;

const CommitName = z.string().regex(/^[0-9a-f]{7,64}$/);

/** Commits by their ids, at least seven characters of them. */
export const DiffCommits = z.strictObject({ commit: CommitName, againstCommit: CommitName });
export type DiffCommits = z.infer<typeof DiffCommits>;

/** What changes in an object. Secret values appear only as masks. */
export const ObjectDiff = z
  .object({
    /** `group/kind/namespace/name` */
    id: z.string(),
    change: z.enum(['added', 'removed', 'changed']),
    /** At most 100. */
    fields: z.array(z.object({ path: z.string(), from: z.json().optional(), to: z.json().optional() })),
  })
  .meta({ id: 'ObjectDiff' });
export type ObjectDiff = z.infer<typeof ObjectDiff>;

/** What changes in an app, and all the clusters on which exactly this does. */
export const AppDiff = z
  .object({
    app: z.string(),
    clusters: z.array(z.string()),
    added: z.int(),
    changed: z.int(),
    removed: z.int(),
    /** At most 200; the counts are of all. */
    objects: z.array(ObjectDiff),
  })
  .meta({ id: 'AppDiff' });
export type AppDiff = z.infer<typeof AppDiff>;

const DiffSide = z.object({
  release: z.int(),
  number: z.int(),
  commit: z.string(),
  /** When two clusters are compared. */
  cluster: z.string().nullable(),
});

export const ReleaseDiff = z
  .object({
    group: z.string(),
    /** What it is like with the changes. */
    after: DiffSide,
    /** What it is compared with; null: nothing came before. */
    before: DiffSide.nullable(),
    /** At most 100, those of the most clusters first; `more` counts the targets of the others. */
    diffs: z.array(AppDiff),
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
