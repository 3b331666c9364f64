import { z } from 'zod';

/** A mistake in Git: where it is and what to do. */
export const Finding = z
  .object({
    file: z.string(),
    line: z.int().nullable(),
    column: z.int().nullable(),
    message: z.string(),
    hint: z.string().nullable(),
  })
  .meta({ id: 'Finding' });
export type Finding = z.infer<typeof Finding>;

export const CreateSource = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
    url: z.string().min(1).max(1000),
    ref: z.string().min(1).max(200).default('main'),
    pollIntervalSeconds: z.int().min(1).max(86_400).default(60),
    /** Shared secret of the HMAC webhook; without one the webhook refuses everything. */
    webhookSecret: z.string().min(16).max(200).optional(),
  })
  .meta({ id: 'CreateSource' });
export type CreateSource = z.infer<typeof CreateSource>;

export const Source = z
  .object({
    id: z.int(),
    name: z.string(),
    url: z.string(),
    ref: z.string(),
    pollIntervalSeconds: z.int(),
    state: z.enum(['pending', 'ok', 'degraded']),
    reason: z.string().nullable(),
    since: z.string(),
    commit: z.string().nullable(),
    commitSubject: z.string().nullable(),
    fetchedAt: z.string().nullable(),
  })
  .meta({ id: 'Source' });
export type Source = z.infer<typeof Source>;

export const App = z
  .object({
    id: z.int(),
    name: z.string(),
    source: z.string(),
    directory: z.string(),
    group: z.string(),
    state: z.enum(['ok', 'invalid', 'orphan-candidate']),
    /** What is wrong with the newest commit's version; the last good release stays. */
    errors: z.array(Finding.extend({ cluster: z.string().nullable() })),
    commit: z.string().nullable(),
    errorsCommit: z.string().nullable(),
  })
  .meta({ id: 'App' });
export type App = z.infer<typeof App>;
