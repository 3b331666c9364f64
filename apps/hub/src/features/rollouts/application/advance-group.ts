import { missedHeartbeats } from '../domain/connectivity.ts';
import { nextGroupStep, type GroupStep } from '../domain/group-policy.ts';
import { giveUpWaiting } from '../domain/commands.ts';
import { isTerminal } from '../domain/rollout.machine.ts';
import type { HubInstant, HubTime } from './hub-time.ts';
import { planRollout, rolloutOf } from './plan-rollout.ts';
import type { RolloutTimers } from './rollout-timers.ts';
import type { Answer, LockedGroup, RepeatableRequest, RolloutStore, StoredRollout } from './rollout.store.ts';
import { settle } from './settle.ts';

const mostRounds = 20;
const mostTries = 5;

/**
 * Brings a group as far as it can go now: opens what is due, decides, writes. Everything it does is one transaction, so it
 * may be killed anywhere and run again; running it without need changes nothing.
 */
export class AdvanceGroup {
  readonly #store: RolloutStore;
  readonly #time: HubTime;
  readonly #timers: RolloutTimers;
  readonly #heartbeatMs: number;

  constructor(options: { store: RolloutStore; time: HubTime; timers: RolloutTimers; heartbeatMs: number }) {
    this.#store = options.store;
    this.#time = options.time;
    this.#timers = options.timers;
    this.#heartbeatMs = options.heartbeatMs;
  }

  /** Advances a group by id. */
  async advance(groupId: number): Promise<void> {
    await this.change({ id: groupId }, () => Promise.resolve());
  }

  /**
   * Does `work` on a group and advances it, in one transaction. Somebody else's simultaneous write is no error: it is read
   * and everything is decided anew.
   */
  async change(
    group: { id: number } | { name: string },
    work: (locked: LockedGroup, instant: GroupInstant) => Promise<void>,
  ): Promise<void> {
    await this.#locked(group, async (locked, instant) => {
      await work(locked, instant);
      await this.#advanceLocked(locked, instant);
    });
  }

  /** Like `change`, and gives the answer to a request; a request that was answered before gets that answer again. */
  async answer<T extends Answer>(
    group: { id: number } | { name: string },
    request: {
      repeatable: RepeatableRequest | null;
      work: (locked: LockedGroup, instant: GroupInstant) => Promise<(locked: LockedGroup) => Promise<T>>;
      parse: (answer: Answer) => T;
    },
  ): Promise<T> {
    const { repeatable } = request;
    return this.#locked(group, async (locked, instant) => {
      const earlier = repeatable && (await locked.recall(repeatable));
      if (earlier) return request.parse(earlier);
      const show = await request.work(locked, instant);
      await this.#advanceLocked(locked, instant);
      const answer = await show(locked);
      if (repeatable) await locked.remember(repeatable, answer);
      return answer;
    });
  }

  /** Looks without changing anything. */
  look<T>(
    group: { id: number } | { name: string },
    look: (locked: LockedGroup, instant: GroupInstant) => Promise<T>,
  ): Promise<T> {
    return this.#store.inGroup(group, (locked) => look(locked, this.#read()));
  }

  async #locked<T>(
    group: { id: number } | { name: string },
    work: (locked: LockedGroup, instant: GroupInstant) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { result, groupId, checkAt } = await this.#store.inGroup(group, async (locked) => {
          const result = await work(locked, this.#read());
          return { result, groupId: locked.id, checkAt: await locked.findNextCheck() };
        });
        this.#timers.arm(groupId, checkAt);
        return result;
      } catch (error) {
        if (attempt === mostTries || !isConflict(error)) throw error;
      }
    }
  }

  #read(): GroupInstant {
    const instant = this.#time.read();
    const heartbeatMs = this.#heartbeatMs;
    return { ...instant, heartbeatMs, liveSince: instant.now - missedHeartbeats * heartbeatMs };
  }

  async #advanceLocked(group: LockedGroup, instant: GroupInstant): Promise<void> {
    for (let round = 0; round < mostRounds; round += 1) {
      const step = nextGroupStep(await group.view(instant.liveSince));
      if (step.type === 'replace') {
        await giveUp(group, step.rolloutId, instant);
        continue;
      }
      await group.setBlocked(step.blocked);
      if (step.type === 'open') await open(group, step, instant);
      const current = await group.findCurrent();
      if (!current) return;
      const isOver = await decideCurrent(group, current, step, instant);
      if (!isOver) return;
    }
    throw new Error('a group does not come to rest');
  }
}

export interface GroupInstant extends HubInstant {
  readonly heartbeatMs: number;
  /** A session whose last heartbeat is older is not live. */
  readonly liveSince: number;
}

async function decideCurrent(
  group: LockedGroup,
  before: StoredRollout,
  step: GroupStep,
  instant: GroupInstant,
): Promise<boolean> {
  const { now, hubStartedAt, clockJumpedAt, heartbeatMs } = instant;
  const rows = await group.observe(before.rollout, instant.liveSince);
  const successor = step.type === 'behind' ? step.successor : null;
  const world = { ...rows, hubStartedAt, clockJumpedAt, heartbeatMs, successor };
  const { next, effects } = settle(before.rollout, world, now);
  await group.save({ before, next, effects, now });
  return isTerminal(next.state);
}

async function giveUp(group: LockedGroup, rolloutId: number, { now }: GroupInstant): Promise<void> {
  const before = await group.getRollout(rolloutId);
  const { next, effects } = giveUpWaiting(before.rollout, now);
  await group.save({ before, next, effects, now });
}

async function open(
  group: LockedGroup,
  step: Extract<GroupStep, { type: 'open' }>,
  instant: GroupInstant,
): Promise<void> {
  const release = await group.findRelease({ id: step.releaseId });
  if (!release) throw new Error('the release that was just read is gone');
  if (step.endsHold) await group.endHold('hub', `release #${release.number} contains nothing that failed`);
  const { scope } = step;
  const { liveSince, now } = instant;
  const plan = await planRollout(group, { release, strategy: release.strategy, scope, liveSince });
  const isHeldBack =
    plan.blastRadius.length > 0 ? `waits for a person to confirm: ${plan.blastRadius.join('; ')}` : null;
  const baseReleaseId = await group.findBaseRelease();
  const rollout = rolloutOf(group, plan, { kind: 'rollout', baseReleaseId, scope, isHeldBack, now });
  await group.open({ kind: 'rollout', rollout, planHash: plan.planHash, startedBy: 'hub', reason: isHeldBack }, now);
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'rollout.conflict';
}
