import { z } from 'zod';
import { PageQuery } from './paging.ts';

export const DriftState = z.enum(['open', 'corrected', 'reverted', 'superseded']);
export type DriftState = z.infer<typeof DriftState>;

export const driftChanges = ['changed', 'removed', 'added', 'object-deleted', 'unmanaged'] as const;
const DriftChange = z.enum(driftChanges);

export const DriftItem = z
  .object({
    id: z.int(),
    app: z.string(),
    cluster: z.string(),
    object: z.string(),
    path: z.string(),
    /** `unmanaged`: somebody set a field that Git says nothing about; it stays. */
    change: DriftChange,
    /** Somebody keeps changing the object back. */
    contended: z.boolean(),
    desired: z.json(),
    live: z.json(),
    manager: z.string().nullable(),
    operation: z.string().nullable(),
    managerAt: z.string().nullable(),
    confidence: z.enum(['high', 'low', 'none']),
    state: DriftState,
    firstSeenAt: z.string(),
    closedAt: z.string().nullable(),
  })
  .meta({ id: 'DriftItem' });
export type DriftItem = z.infer<typeof DriftItem>;

const Name = z.string().min(1).max(300);

export const ListDrift = PageQuery.extend({
  app: Name.optional(),
  cluster: Name.optional(),
  state: DriftState.optional(),
  manager: Name.optional(),
  /** RFC 6901, exactly; empty for whole objects. */
  path: z.string().max(1000).optional(),
  /** `group/kind/namespace/name` */
  object: z.string().min(3).max(1000).optional(),
  change: DriftChange.optional(),
  /** With fields that Git says nothing about; without them when absent, unless `change` asks for them. */
  unmanaged: z.enum(['true', 'false']).optional(),
});
export type ListDrift = z.infer<typeof ListDrift>;

/** Which changes a stream shows. `lastEventId` continues where another stream ended. */
export const WatchDrift = z.strictObject({
  app: Name.optional(),
  cluster: Name.optional(),
  lastEventId: z.string().max(60).optional(),
});
export type WatchDrift = z.infer<typeof WatchDrift>;

export const driftGroupings = ['app', 'cluster', 'kind', 'path', 'manager'] as const;

export const DriftReportQuery = z.strictObject({
  groupBy: z.enum(driftGroupings).optional(),
  /** Counts what was open at some time since then; all history when absent. */
  since: z.iso.datetime({ offset: true }).optional(),
});
export type DriftReportQuery = z.infer<typeof DriftReportQuery>;

export const DriftReport = z
  .object({
    groupBy: z.enum(driftGroupings),
    since: z.string().nullable(),
    asOf: z.string(),
    /** Fields that Git says nothing about count as `unmanaged` only, here and nowhere else. */
    totals: z.object({
      open: z.int(),
      corrected: z.int(),
      reverted: z.int(),
      superseded: z.int(),
      unmanaged: z.int(),
    }),
    groups: z.array(
      z.object({
        key: z.string(),
        open: z.int(),
        corrected: z.int(),
        other: z.int(),
        clusters: z.int(),
        oldestFirstSeenAt: z.string(),
      }),
    ),
    /** The same field on many clusters. */
    identical: z.array(z.object({ object: z.string(), path: z.string(), live: z.json(), clusters: z.int() })),
  })
  .meta({ id: 'DriftReport' });
export type DriftReport = z.infer<typeof DriftReport>;
