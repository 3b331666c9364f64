import {
  invalidCursor,
  type DriftItem,
  type DriftReport,
  type DriftReportQuery,
  type ListDrift,
} from '@fairlead/shared/contracts';
import { formatListPosition, parseListPosition } from '../domain/drift-cursor.ts';
import type { DriftStore } from './drift.store.ts';

const defaultPageSize = 100;
const shownGroups = 500;
const shownIdentical = 20;

/** One page of drift items, latest first seen first. */
export async function listDrift(
  store: DriftStore,
  query: ListDrift,
): Promise<{ items: DriftItem[]; next: string | null }> {
  const { limit = defaultPageSize, cursor, ...filter } = query;
  const after = cursor === undefined ? null : parseListPosition(cursor);
  if (cursor !== undefined && !after) throw invalidCursor();
  const { items, next } = await store.list({ filter, after, limit });
  return { items, next: next && formatListPosition(next) };
}

/** Counts over everything that was open at some time since `since`; what is the same on several clusters counts open items only. */
export async function reportDrift(store: DriftStore, query: DriftReportQuery): Promise<DriftReport> {
  const groupBy = query.groupBy ?? 'app';
  const since = query.since ?? null;
  const [states, groups, identical] = await Promise.all([
    store.countStates(since),
    store.countGroups({ groupBy, since, limit: shownGroups }),
    store.findIdentical(shownIdentical),
  ]);
  return { groupBy, since, ...states, groups, identical };
}
