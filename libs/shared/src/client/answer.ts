import { CodedError } from '../kernel/errors.ts';

/** Body of a call that succeeded. Failures have been thrown by the client before this is asked. */
export async function answer<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await call;
  if (data === undefined) {
    throw new CodedError({ code: 'hub.unexpected-answer', kind: 'bug' }, 'The hub answered nothing', {
      status: response.status,
    });
  }
  return data;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** Items of a list, page after page, at most `limit`. `readPage` gets the cursor to pass on, undefined for the first page. */
export async function allItems<T>(
  readPage: (cursor: string | undefined) => Promise<Page<T>>,
  limit = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && items.length < limit);
  return items.slice(0, limit);
}

/** The fields that have a value: what is undefined must not be sent as a parameter. */
export function defined<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
