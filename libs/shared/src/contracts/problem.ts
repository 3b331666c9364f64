import { z } from 'zod';

/** RFC 9457 problem document: `code` is stable, `detail` constant for a code, what varies is in `details`. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    details: z.record(z.string(), z.json()),
    traceId: z.string().nullable(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
