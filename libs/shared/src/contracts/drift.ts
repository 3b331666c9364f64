import { z } from 'zod';

export const DriftItem = z
  .object({
    id: z.int(),
    app: z.string(),
    cluster: z.string(),
    object: z.string(),
    path: z.string(),
    change: z.enum(['changed', 'removed', 'added', 'object-deleted']),
    desired: z.json(),
    live: z.json(),
    manager: z.string().nullable(),
    operation: z.string().nullable(),
    managerAt: z.string().nullable(),
    confidence: z.enum(['high', 'low', 'none']),
    state: z.enum(['open', 'corrected', 'reverted', 'superseded']),
    firstSeenAt: z.string(),
    closedAt: z.string().nullable(),
  })
  .meta({ id: 'DriftItem' });
export type DriftItem = z.infer<typeof DriftItem>;

export const driftGroupings = ['app', 'cluster', 'kind', 'path', 'manager'] as const;

export const DriftReport = z
  .object({
    groupBy: z.enum(driftGroupings),
    since: z.string().nullable(),
    asOf: z.string(),
    totals: z.object({ open: z.int(), corrected: z.int(), reverted: z.int(), superseded: z.int() }),
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
