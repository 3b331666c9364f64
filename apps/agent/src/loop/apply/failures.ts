import type { ApplyFailure } from '../state/object-record.ts';

const waiting = 'Waiting';

/** The object is not valid, whatever the cluster says. */
export function invalid(causes: readonly string[]): ApplyFailure {
  return { reason: 'InvalidManifest', message: causes.join('; ').slice(0, 2000), permanent: true };
}

/** Nothing is wrong with the object: it is not its turn yet. It goes on when what it waits for changes, not by trying. */
export function waitingFor(names: readonly string[]): ApplyFailure {
  return { reason: waiting, message: `waits for ${list(names)}`, permanent: false, retry: 'never' };
}

/** The object was left out because something it needs is not there. */
export function skippedBecauseOf(names: readonly string[]): ApplyFailure {
  const message = `not applied, because it comes after ${list(names)}, which failed`;
  return { reason: 'DependencyFailed', message, permanent: false, retry: 'never' };
}

export function dependencyLeaves(name: string): ApplyFailure {
  const message = `not applied, because it depends on ${name}, which the release does not have any more`;
  return { reason: 'DependencyLeaving', message, permanent: true };
}

export function isWaiting(failure: Pick<ApplyFailure, 'reason'>): boolean {
  return failure.reason === waiting;
}

/** Whether an object was only left out; trying again makes no sense before what it waits for has changed. */
export function isBlocked(failure: Pick<ApplyFailure, 'reason'>): boolean {
  return failure.reason === waiting || failure.reason === 'DependencyFailed';
}

const mostNamed = 5;

function list(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return `${names.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
