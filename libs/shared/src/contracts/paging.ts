import { z } from 'zod';
import { CodedError, type AppError } from '../kernel/errors.ts';

/** `limit` and `cursor` of every list; `next` of the answer is the cursor of the next page, null on the last one. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).optional(),
  cursor: z.string().max(200).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

/** A `cursor` or `Last-Event-ID` that the list or stream never gave out. */
export function invalidCursor(): AppError {
  return new CodedError(
    { code: 'request.invalid-cursor', kind: 'invalid' },
    'The cursor is not one that this list gave out.',
  );
}
