import type { PodReport } from '@fairlead/shared/contracts';
import type { Json } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';
import { text } from './object-health.ts';
import { maskSecrets } from './secret-mask.ts';

const mostEvents = 5;
const mostLogBytes = 2048;

/** The newest events, oldest first, with what looks like a secret masked. */
export function lastEvents(events: readonly Json[]): PodReport['events'] {
  return events
    .map((event) => ({ event, at: eventTime(event) }))
    .sort((left, right) => (left.at ?? '').localeCompare(right.at ?? ''))
    .slice(-mostEvents)
    .map(({ event, at }) => ({
      at,
      type: text(fieldOf(event, 'type')).slice(0, 20),
      reason: text(fieldOf(event, 'reason')).slice(0, 100),
      message: maskSecrets(text(fieldOf(event, 'message'))).slice(0, 500),
      count: eventCount(event),
    }));
}

/** The end of a log, masked as a whole before it is cut: half a key is a key, too. */
export function logTail(log: string): string {
  const bytes = Buffer.from(maskSecrets(log).trimEnd());
  if (bytes.length <= mostLogBytes) return bytes.toString('utf8');
  let start = bytes.length - mostLogBytes;
  // Not in the middle of a character.
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start).toString('utf8');
}

function eventTime(event: Json): string | null {
  const written = [
    fieldAt(event, ['series', 'lastObservedTime']),
    fieldOf(event, 'lastTimestamp'),
    fieldOf(event, 'eventTime'),
    fieldOf(event, 'firstTimestamp'),
  ].map(text);
  const time = Date.parse(written.find((each) => each !== '') ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function eventCount(event: Json): number {
  const count = fieldAt(event, ['series', 'count']) ?? fieldOf(event, 'count');
  return typeof count === 'number' && count > 0 ? Math.floor(count) : 1;
}
