import { AppError } from '../kernel/errors.ts';
import type { Rollout, RolloutState, RolloutTarget } from '../contracts/rollouts.ts';
import { allItems, answer, defined } from './answer.ts';
import { readEvents } from './event-stream.ts';
import { createFairleadClient, type ConnectionOptions, type FairleadClient } from './fairlead-client.ts';
import { pause } from './pause.ts';

const terminalStates: readonly RolloutState[] = [
  'succeeded',
  'rolledBack',
  'rollbackFailed',
  'cancelled',
  'superseded',
];

/** True when the rollout goes no further by itself: it has ended, or it is halted and waits for a person. */
export function isAtRest(state: RolloutState): boolean {
  return state === 'halted' || terminalStates.includes(state);
}

export interface RolloutView {
  readonly rollout: Rollout;
  readonly targets: readonly RolloutTarget[];
}

export interface FollowOptions extends ConnectionOptions {
  readonly id: number;
  readonly signal: AbortSignal;
  readonly onInterruption?: () => void;
}

// Events say that something moved; this covers an event that got lost, and lets a caller show time passing.
const readAgainMs = 1_000;

/** A rollout each time it moved, and about once a second meanwhile, until it is at rest or `signal` is aborted. */
export async function* followRollout(options: FollowOptions): AsyncGenerator<RolloutView> {
  const client = createFairleadClient(options);
  const streaming = new AbortController();
  const signal = AbortSignal.any([options.signal, streaming.signal]);
  const path = `/v1/rollouts/${options.id}/events`;
  const moves = countMoves(readEvents({ ...options, path, signal, onInterruption: () => options.onInterruption?.() }));
  try {
    while (!options.signal.aborted) {
      const seen = moves.count;
      const view = await readUnlessAway(client, options);
      if (view !== null) yield view;
      if (view !== null && isAtRest(view.rollout.state)) return;
      if (moves.count === seen) await Promise.race([moves.next(), moves.failed, pause(readAgainMs, options.signal)]);
    }
  } finally {
    streaming.abort();
  }
}

// A hub that restarts is waited for; everything else ends the following.
async function readUnlessAway(client: FairleadClient, options: FollowOptions): Promise<RolloutView | null> {
  try {
    return await readRollout(client, options.id);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.kind !== 'unavailable') throw thrown;
    options.onInterruption?.();
    return null;
  }
}

/** A rollout with what it does to each target. */
export async function readRollout(client: FairleadClient, id: number): Promise<RolloutView> {
  const rollout = await answer(client.GET('/v1/rollouts/{id}', { params: { path: { id: String(id) } } }));
  const targets = await allItems((cursor) =>
    answer(
      client.GET('/v1/rollouts/{id}/targets', {
        params: { path: { id: String(id) }, query: defined({ limit: 500, cursor }) },
      }),
    ),
  );
  return { rollout, targets };
}

// Reads the stream at its own pace, so that a burst of events leads to one read of the rollout and not to one each.
function countMoves(events: AsyncGenerator<unknown>) {
  let count = 0;
  let wake: () => void = () => undefined;
  const reading = (async () => {
    for await (const _event of events) {
      count += 1;
      wake();
    }
  })();
  const failed = new Promise<never>((_resolve, reject) => reading.catch(reject));
  // The failure reaches the follower through the race; when it has left already, there is nobody to tell.
  failed.catch(() => undefined);
  return {
    get count() {
      return count;
    },
    failed,
    next: () => new Promise<void>((resolve) => (wake = resolve)),
  };
}
