import { z } from 'zod';
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
