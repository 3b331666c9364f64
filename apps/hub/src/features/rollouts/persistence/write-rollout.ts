import sql from 'sql-template-tag';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { signal } from '../../../platform/database/outbox.ts';
import type { Tx } from '../../../platform/database/pool.ts';
import { rolloutConflict } from '../application/rollout.errors.ts';
import type { NewHold, NewRollout, StoredRollout } from '../application/rollout.store.ts';
import type { AssignEffect, Effect } from '../domain/rollout.effects.ts';
import { isTerminal } from '../domain/rollout.machine.ts';
import { targetKey, type Rollout, type Target, type Wave } from '../domain/rollout.types.ts';
import { iso, targetToRecord, waveToRecord } from './rollout-rows.ts';

const assignmentsPerLedgerRow = 100;

/** Writes a new rollout with its waves and targets. */
export async function insertRollout(tx: Tx, { rollout, ...begin }: NewRollout, now: number): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(sql`
    insert into rollouts (group_id, release_id, kind, state, reason, since, strategy, plan_hash, started_by, memory, created_at)
    values (${rollout.groupId}, ${rollout.releaseId}, ${rollout.kind}, ${rollout.state}, ${rollout.reason},
      ${iso(rollout.since)}, ${JSON.stringify(rollout.strategy)}, ${begin.planHash}, ${begin.startedBy},
      ${JSON.stringify(rollout.memory)}, ${iso(now)})
    returning id`);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('an insert returns its row');
  await writeWaves(tx, id, rollout.waves);
  await writeTargets(tx, id, rollout.targets);
  const { group, releaseId, state, reason } = rollout;
  await insertEvents(tx, { id, version: 1, now }, [
    { type: 'event', event: 'rollout', payload: { group, releaseId, state, reason } },
  ]);
  await appendLedger(tx, {
    actor: begin.startedBy,
    action: state === 'running' ? `${rollout.kind}.start` : `${rollout.kind}.plan`,
    subject: `rollout:${id}`,
    outcome: 'done',
    reason: begin.reason,
    details: { group, releaseId, planHash: begin.planHash, targets: rollout.targets.length },
  });
  return id;
}

/** Writes what a decision changed, and what it wants, in the order that lets a kill anywhere leave nothing half done: one transaction. */
export async function writeDecision(
  tx: Tx,
  change: { before: StoredRollout; next: Rollout; effects: readonly Effect[]; now: number; releaseDigest: string },
): Promise<void> {
  const { before, next, effects, now } = change;
  const checkAt = effects.findLast((effect) => effect.type === 'checkAt')?.at ?? null;
  const waves = next.waves.filter((wave) => differs(wave, before.rollout.waves[wave.ordinal]));
  const old = new Map(before.rollout.targets.map((target) => [targetKey(target), target]));
  const targets = next.targets.filter((target) => differs(target, old.get(targetKey(target))));
  const wants = effects.filter((effect) => effect.type !== 'checkAt');
  const isChanged = wants.length > 0 || waves.length > 0 || targets.length > 0 || rolloutDiffers(before.rollout, next);
  if (!isChanged) {
    await tx.query(sql`
      update rollouts set next_check_at = ${checkAt === null ? null : iso(checkAt)}
      where id = ${next.id} and next_check_at is distinct from ${checkAt === null ? null : iso(checkAt)}`);
    return;
  }
  const version = before.version + 1;
  await updateRollout(tx, { before, next, checkAt, now });
  await writeWaves(tx, next.id, waves);
  await writeTargets(tx, next.id, targets);
  const assigns = effects.filter((effect) => effect.type === 'assign');
  await writeAssignments(tx, next, assigns, now);
  await writeQuarantines(tx, next, effects, change.releaseDigest);
  for (const effect of effects) {
    if (effect.type === 'hold') await writeHold(tx, next, effect);
    if (effect.type === 'ledger') {
      const { actor, action, reason } = effect;
      await appendLedger(tx, { actor, action, subject: `rollout:${next.id}`, outcome: 'done', reason });
    }
  }
  const events = effects.filter((effect) => effect.type === 'event');
  await insertEvents(tx, { id: next.id, version, now }, events);
}

async function updateRollout(
  tx: Tx,
  { before, next, checkAt, now }: { before: StoredRollout; next: Rollout; checkAt: number | null; now: number },
): Promise<void> {
  const isOver = isTerminal(next.state);
  const { rowCount } = await tx.query(sql`
    update rollouts set state = ${next.state}, reason = ${next.reason}, since = ${iso(next.since)},
      memory = ${JSON.stringify(next.memory)}, version = version + 1,
      next_check_at = ${isOver || checkAt === null ? null : iso(checkAt)},
      finished_at = ${isOver ? iso(now) : null}
    where id = ${next.id} and version = ${before.version}`);
  if (rowCount === 0) throw rolloutConflict(next.id);
}

async function writeWaves(tx: Tx, rolloutId: number, waves: readonly Wave[]): Promise<void> {
  if (waves.length === 0) return;
  await tx.query(sql`
    insert into rollout_waves (rollout_id, ordinal, name, state, reason, since, soak_started_at)
    select ${rolloutId}::bigint, w.ordinal, w.name, w.state, w.reason, w.since, w.soak_started_at
    from jsonb_to_recordset(${JSON.stringify(waves.map(waveToRecord))}::jsonb) as w (ordinal integer, name text,
      state text, reason text, since timestamptz, soak_started_at timestamptz)
    on conflict (rollout_id, ordinal) do update set state = excluded.state, reason = excluded.reason,
      since = excluded.since, soak_started_at = excluded.soak_started_at`);
}

async function writeTargets(tx: Tx, rolloutId: number, targets: readonly Target[]): Promise<void> {
  if (targets.length === 0) return;
  await tx.query(sql`
    insert into rollout_targets (rollout_id, app_id, cluster_id, wave, state, reason, since, digest, previous_digest,
      previous_release_id, counter, touched, frozen, received_at, unhealthy_since, failure)
    select ${rolloutId}::bigint, t.app_id, t.cluster_id, t.wave, t.state, t.reason, t.since, t.digest, t.previous_digest,
      t.previous_release_id, t.counter, t.touched, t.frozen, t.received_at, t.unhealthy_since, t.failure
    from jsonb_to_recordset(${JSON.stringify(targets.map(targetToRecord))}::jsonb) as t (app_id bigint, cluster_id bigint,
      wave integer, state text, reason text, since timestamptz, digest text, previous_digest text,
      previous_release_id bigint, counter bigint, touched boolean, frozen boolean, received_at timestamptz,
      unhealthy_since timestamptz, failure text)
    on conflict (rollout_id, app_id, cluster_id) do update set state = excluded.state, reason = excluded.reason,
      since = excluded.since, previous_digest = excluded.previous_digest,
      previous_release_id = excluded.previous_release_id, counter = excluded.counter, touched = excluded.touched,
      frozen = excluded.frozen, received_at = excluded.received_at, unhealthy_since = excluded.unhealthy_since,
      failure = excluded.failure`);
}

// Settings come from the entry of the release the content is from, so that a rollback brings them back too. A counter that
// does not grow, or content its release does not name, writes no row: then somebody else was here, and all of it is redone.
async function writeAssignments(
  tx: Tx,
  rollout: Rollout,
  assigns: readonly AssignEffect[],
  now: number,
): Promise<void> {
  if (assigns.length === 0) return;
  const records = assigns.map(({ appId, clusterId, digest, releaseId, counter, mode }) => ({
    app_id: appId,
    cluster_id: clusterId,
    digest,
    release_id: releaseId,
    counter,
    mode,
  }));
  const { rowCount } = await tx.query(sql`
    insert into assignments (app_id, cluster_id, digest, release_id, counter, mode, settings, rollout_id, assigned_at)
    select w.app_id, w.cluster_id, w.digest, w.release_id, w.counter, w.mode, rt.settings, ${rollout.id}::bigint, ${iso(now)}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as w (app_id bigint, cluster_id bigint, digest text,
      release_id bigint, counter bigint, mode text)
    join release_targets rt on rt.release_id = w.release_id and rt.app_id = w.app_id and rt.cluster_id = w.cluster_id
      and rt.snapshot_digest = w.digest
    on conflict (app_id, cluster_id) do update set digest = excluded.digest, release_id = excluded.release_id,
      counter = excluded.counter, mode = excluded.mode, settings = excluded.settings,
      rollout_id = excluded.rollout_id, traceparent = excluded.traceparent, assigned_at = excluded.assigned_at
    where assignments.counter < excluded.counter`);
  if (rowCount !== assigns.length) throw rolloutConflict(rollout.id);
  for (let start = 0; start < assigns.length; start += assignmentsPerLedgerRow) {
    const part = assigns.slice(start, start + assignmentsPerLedgerRow);
    await appendLedger(tx, {
      actor: 'hub',
      action: 'assignment.change',
      subject: `rollout:${rollout.id}`,
      outcome: 'done',
      details: {
        targets: part.map(({ app, cluster, digest, counter, mode }) => ({ app, cluster, digest, counter, mode })),
      },
    });
  }
  for (const clusterId of new Set(assigns.map((assign) => assign.clusterId)))
    await signal(tx, 'assignments', clusterId);
}

async function writeQuarantines(
  tx: Tx,
  rollout: Rollout,
  effects: readonly Effect[],
  releaseDigest: string,
): Promise<void> {
  const failed = effects.filter((effect) => effect.type === 'quarantine');
  for (const { appId, clusterId, app, cluster, digest } of failed) {
    await tx.query(sql`
      insert into quarantines (group_id, app_id, cluster_id, digest, release_digest, rollout_id)
      values (${rollout.groupId}, ${appId}, ${clusterId}, ${digest}, ${releaseDigest}, ${rollout.id})
      on conflict (app_id, cluster_id, digest) where released_at is null do nothing`);
    await appendLedger(tx, {
      actor: 'hub',
      action: 'quarantine.add',
      subject: `group:${rollout.group}`,
      outcome: 'done',
      details: { app, cluster, digest, rolloutId: rollout.id },
    });
  }
}

/** Holds the group; a hold that is there already is replaced. */
export async function writeHold(
  tx: Tx,
  from: { groupId: number; group: string; id: number | null },
  hold: NewHold,
): Promise<void> {
  const { releaseId, reason, policy, by } = hold;
  await tx.query(sql`
    insert into holds (group_id, release_id, reason, policy, rollout_id, created_by)
    values (${from.groupId}, ${releaseId}, ${reason}, ${policy}, ${from.id}, ${by})
    on conflict (group_id) do update set release_id = excluded.release_id, reason = excluded.reason,
      policy = excluded.policy, rollout_id = excluded.rollout_id, created_by = excluded.created_by, created_at = now()`);
  await appendLedger(tx, {
    actor: by,
    action: 'group.hold',
    subject: `group:${from.group}`,
    outcome: 'done',
    reason,
    details: { releaseId, policy, rolloutId: from.id },
  });
}

async function insertEvents(
  tx: Tx,
  at: { id: number; version: number; now: number },
  events: readonly Extract<Effect, { type: 'event' }>[],
): Promise<void> {
  if (events.length === 0) return;
  const records = events.map(({ event, payload }) => ({ type: event, payload }));
  await tx.query(sql`
    insert into events (rollout_id, version, type, payload, at)
    select ${at.id}::bigint, ${at.version}::bigint, e.type, e.payload, ${iso(at.now)}::timestamptz
    from rows from (jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as (type text, payload jsonb))
      with ordinality as e (type, payload, place) order by e.place`);
  await signal(tx, 'rollout-events', at.id);
}

function differs<T extends object>(next: T, before: T | undefined): boolean {
  if (!before) return true;
  return Object.entries(next).some(([field, value]) => before[field as keyof T] !== value);
}

function rolloutDiffers(before: Rollout, next: Rollout): boolean {
  return (
    before.state !== next.state ||
    before.reason !== next.reason ||
    before.since !== next.since ||
    JSON.stringify(before.memory) !== JSON.stringify(next.memory)
  );
}
