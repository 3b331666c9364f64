/** Where a list page ended: items are ordered by first seen, newest first, then by id. */
export interface ListPosition {
  firstSeenAt: string;
  id: number;
}

/** Where a stream is: transaction, then item. Transaction ids are larger than what a number holds. */
export interface StreamPosition {
  transaction: string;
  id: number;
}

export function formatListPosition(position: ListPosition): string {
  return `${position.firstSeenAt}~${position.id}`;
}

/** Null when the text is no position that a list gave out. */
export function parseListPosition(text: string): ListPosition | null {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)~(\d{1,15})$/.exec(text);
  return parts?.[1] && parts[2] ? { firstSeenAt: parts[1], id: Number(parts[2]) } : null;
}

export function formatStreamPosition(position: StreamPosition): string {
  return `${position.transaction}-${position.id}`;
}

/** Null when the text is no event id of a stream. */
export function parseStreamPosition(text: string): StreamPosition | null {
  const parts = /^(\d{1,19})-(\d{1,15})$/.exec(text);
  return parts?.[1] && parts[2] ? { transaction: parts[1], id: Number(parts[2]) } : null;
}
