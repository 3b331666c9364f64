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

interface Page<T> {
  items: T[];
  next: string | null;
}

/** Every item of a list, page after page. `readPage` gets the cursor to pass on, undefined for the first page. */
export async function allItems<T>(readPage: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
