import { invalidCursor } from '@fairlead/shared/contracts';
import { CodedError } from '@fairlead/shared/kernel';
import type { Actor } from '../../../platform/http/access.decorators.ts';
import type { Caller } from '../application/caller.ts';
import { rolloutNotFound } from '../application/rollout.errors.ts';

const defaultPageSize = 100;
const longestKey = 200;

/** Who asks, with the idempotency key when there is one. */
export function callerOf(
  actor: Actor,
  { key, route, body }: { key: string | undefined; route: string; body: unknown },
): Caller {
  if (key === undefined || key === '') return { name: actor.name, repeatable: null };
  if (key.length > longestKey) {
    throw new CodedError({ code: 'request.invalid', kind: 'invalid' }, 'The request is not valid.', {
      problems: [{ field: 'idempotency-key', problem: `at most ${longestKey} characters` }],
    });
  }
  return { name: actor.name, repeatable: { principalId: actor.id, key, route, body } };
}

/** The id in a path. What is no id names no rollout. */
export function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw rolloutNotFound(0);
  return Number(text);
}

/** The version in `If-Match`: `"7"` or `7`; null when absent or `*`. */
export function versionOf(header: string | undefined): number | null {
  if (header === undefined || header === '*') return null;
  const match = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header);
  if (!match) throw invalidCursor();
  return Number(match[1]);
}

/** A list query as filter and page. */
export function pageFrom<Query extends { limit?: number | undefined; cursor?: string | undefined }>(query: Query) {
  const { limit = defaultPageSize, cursor = null, ...filter } = query;
  return { filter, cursor, limit };
}
