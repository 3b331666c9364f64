import { z } from 'zod';
import { PageQuery } from './paging.ts';

export const LedgerEntry = z
  .object({
    id: z.int(),
    at: z.string(),
    /** Principal, cluster or `hub`. */
    actor: z.string(),
    /** Dotted: `rollout.start`, `cluster.enroll`. */
    action: z.string(),
    subject: z.string(),
    outcome: z.enum(['done', 'refused']),
    reason: z.string().nullable(),
    details: z.record(z.string(), z.json()),
    /** Null while the sealer has not chained it yet. */
    hash: z.string().nullable(),
  })
  .meta({ id: 'LedgerEntry' });
export type LedgerEntry = z.infer<typeof LedgerEntry>;

export const ListLedger = PageQuery.extend({
  subject: z.string().min(1).max(300).optional(),
  actor: z.string().min(1).max(200).optional(),
  action: z.string().min(1).max(100).optional(),
  outcome: z.enum(['done', 'refused']).optional(),
});
export type ListLedger = z.infer<typeof ListLedger>;

export const LedgerVerification = z
  .object({
    intact: z.boolean(),
    sealed: z.int(),
    unsealed: z.int(),
    firstBadEntry: z.int().nullable(),
    head: z.string().nullable(),
  })
  .meta({ id: 'LedgerVerification' });
export type LedgerVerification = z.infer<typeof LedgerVerification>;
