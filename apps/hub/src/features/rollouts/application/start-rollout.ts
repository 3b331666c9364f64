import { Rollout as ShownRollout, type CreateRolloutPlan, type RolloutPlan } from '@fairlead/shared/contracts';
import { refusalOf } from '../domain/group-policy.ts';
import { isActive } from '../domain/rollout.machine.ts';
import type { AdvanceGroup, GroupInstant } from './advance-group.ts';
import { refusing, type Caller } from './caller.ts';
import { carryOut } from './change-rollout.ts';
import { planRollout, rolloutOf, type Plan } from './plan-rollout.ts';
import { alreadyActive, nothingToDo, planChanged, releaseNotFound, startBlocked } from './rollout.errors.ts';
import type { LockedGroup, RolloutStore, StoredRelease } from './rollout.store.ts';

interface Wanted extends CreateRolloutPlan {
  readonly planHash?: string | undefined;
  readonly reason?: string | undefined;
}

/** Plans and starts rollouts for people: a new release, or back to an earlier one. */
export class StartRollout {
  readonly #advance: AdvanceGroup;
  readonly #store: RolloutStore;

  constructor(options: { advance: AdvanceGroup; store: RolloutStore }) {
    this.#advance = options.advance;
    this.#store = options.store;
  }

  /** What a rollout would do now. */
  plan(wanted: CreateRolloutPlan): Promise<RolloutPlan> {
    return this.#advance.look({ name: wanted.group }, async (group, instant) => {
      const { plan, blocked } = await makePlan(group, wanted, instant);
      return showPlan(group, plan, blocked);
    });
  }

  /** Starts what was planned. A plan hash that does not fit any more, or is missing where one is needed, is refused. */
  start(wanted: Wanted, caller: Caller): Promise<ShownRollout> {
    return this.#begin({ ...wanted, action: 'rollout.start' }, caller, async (group, instant) => {
      const { plan, blocked, isEarlier } = await makePlan(group, wanted, instant);
      const current = await group.findCurrent();
      if (current && isActive(current.rollout.state)) {
        throw alreadyActive({ rollout: current.rollout.id, state: current.rollout.state });
      }
      if (blocked.length > 0) throw startBlocked({ blocked });
      checkAgreement(plan, wanted.planHash);
      if (current) {
        const isSame = current.rollout.releaseId === plan.release.id && wanted.strategy === undefined;
        const reason = wanted.reason ?? 'confirmed';
        if (isSame) {
          await carryOut(group, current, { name: 'start', by: caller.name, reason }, instant);
          await confirmPrunes(group, current.rollout.id, { plan, wanted, caller });
          return current.rollout.id;
        }
        await carryOut(
          group,
          current,
          { name: 'cancel', by: caller.name, reason: 'another rollout was started' },
          instant,
        );
        await group.endHold(caller.name, 'another rollout was started');
      }
      const id = isEarlier
        ? await this.#goBack(group, { plan, caller, reason: wanted.reason ?? 'asked for' }, instant)
        : await open(group, { plan, kind: 'rollout', caller, reason: wanted.reason ?? null }, instant);
      await confirmPrunes(group, id, { plan, wanted, caller });
      return id;
    });
  }

  /** Takes a group back to an earlier release; a rollout that is going on is cancelled for it. */
  rollBack(
    wanted: { group: string; release?: number | undefined; planHash?: string | undefined; reason: string },
    caller: Caller,
  ): Promise<ShownRollout> {
    return this.#begin({ ...wanted, action: 'group.rollback' }, caller, async (group, instant) => {
      const release = wanted.release ?? (await group.findEarlierRelease())?.number;
      if (release === undefined) throw releaseNotFound({ group: group.name, release: null });
      const { plan } = await makePlan(group, { group: group.name, release }, instant);
      const blocked = quarantineTexts(plan);
      if (blocked.length > 0) throw startBlocked({ blocked });
      checkAgreement(plan, wanted.planHash);
      const current = await group.findCurrent();
      if (current) await carryOut(group, current, { name: 'cancel', by: caller.name, reason: wanted.reason }, instant);
      const id = await this.#goBack(group, { plan, caller, reason: wanted.reason }, instant);
      await confirmPrunes(group, id, { plan, wanted, caller });
      return id;
    });
  }

  async #goBack(
    group: LockedGroup,
    { plan, caller, reason }: { plan: Plan; caller: Caller; reason: string },
    instant: GroupInstant,
  ): Promise<number> {
    // Held by a person's word: the newer release is still in Git and nothing says what was wrong with it.
    await group.setHold({
      releaseId: plan.release.id,
      reason: `rolled back to release #${plan.release.number} by ${caller.name}: ${reason}`,
      policy: 'untilReleased',
      by: caller.name,
    });
    return open(group, { plan, kind: 'rollback', caller, reason }, instant);
  }

  #begin(
    wanted: { group: string; action: string },
    caller: Caller,
    begin: (group: LockedGroup, instant: GroupInstant) => Promise<number>,
  ): Promise<ShownRollout> {
    const attempt = { actor: caller.name, action: wanted.action, subject: `group:${wanted.group}` };
    return refusing(this.#store, attempt, () =>
      this.#advance.answer(
        { name: wanted.group },
        {
          repeatable: caller.repeatable,
          work: async (group, instant) => {
            const id = await begin(group, instant);
            return (locked) => locked.showRollout(id);
          },
          parse: (answer) => ShownRollout.parse(answer),
        },
      ),
    );
  }
}

async function makePlan(
  group: LockedGroup,
  wanted: CreateRolloutPlan,
  instant: GroupInstant,
): Promise<{ plan: Plan; blocked: string[]; isEarlier: boolean }> {
  const newest = await group.findRelease('newest');
  const release = wanted.release === undefined ? newest : await group.findRelease({ number: wanted.release });
  if (!release) throw releaseNotFound({ group: group.name, release: wanted.release ?? null });
  const strategy = wanted.strategy ?? release.strategy;
  const plan = await planRollout(group, { release, strategy, scope: null, liveSince: instant.liveSince });
  const isEarlier = newest !== null && release.number < newest.number;
  return { plan, blocked: await blockers(group, { release, plan, isEarlier }, instant), isEarlier };
}

async function blockers(
  group: LockedGroup,
  { release, plan, isEarlier }: { release: StoredRelease; plan: Plan; isEarlier: boolean },
  instant: GroupInstant,
): Promise<string[]> {
  const blocked = quarantineTexts(plan);
  if (release.state !== 'ready') blocked.push(`release #${release.number} could not be rendered completely`);
  const view = await group.view(instant.liveSince);
  // Going back is what a hold is for; going on against it is not.
  const refusal = isEarlier ? null : refusalOf(view);
  if (refusal !== null && blocked.length === 0) blocked.push(refusal);
  return blocked;
}

function quarantineTexts(plan: Plan): string[] {
  return plan.quarantined.map(({ app, cluster }) => `contains quarantined ${app} on ${cluster}`);
}

function checkAgreement(plan: Plan, given: string | undefined): void {
  if (plan.changes.length === 0) throw nothingToDo({ release: plan.release.number });
  const isAgreed = given === undefined ? plan.blastRadius.length === 0 : given === plan.planHash;
  if (!isAgreed) throw planChanged({ planHash: plan.planHash, given: given ?? null });
}

/** Whoever gave the plan's hash has seen what it deletes, and agreed to exactly that. */
async function confirmPrunes(
  group: LockedGroup,
  rolloutId: number,
  { plan, wanted, caller }: { plan: Plan; wanted: { planHash?: string | undefined }; caller: Caller },
): Promise<void> {
  if (wanted.planHash !== plan.planHash || plan.heldPrunes.length === 0) return;
  await group.confirmPrunes(rolloutId, plan.heldPrunes, caller.name);
}

async function open(
  group: LockedGroup,
  wanted: { plan: Plan; kind: 'rollout' | 'rollback'; caller: Caller; reason: string | null },
  { now }: GroupInstant,
): Promise<number> {
  const { plan, kind, caller, reason } = wanted;
  const baseReleaseId = await group.findBaseRelease();
  const rollout = rolloutOf(group, plan, { kind, baseReleaseId, scope: null, isHeldBack: null, now });
  return group.open({ kind, rollout, planHash: plan.planHash, startedBy: caller.name, reason }, now);
}

function showPlan(group: LockedGroup, plan: Plan, blocked: string[]): RolloutPlan {
  const { id, number, commit } = plan.release;
  return {
    planHash: plan.planHash,
    group: group.name,
    release: { id, number, commit },
    waves: plan.waves.map((wave) => ({ name: wave.name, clusters: wave.clusters.map((cluster) => cluster.name) })),
    targets: [...plan.changes],
    unchanged: plan.entries.length - plan.changes.length,
    warnings: [...plan.blastRadius],
    blocked,
    needsConfirmation: plan.blastRadius.length > 0,
  };
}
