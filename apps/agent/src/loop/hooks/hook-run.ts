import type { Assignment } from '@fairlead/shared/contracts';
import { endsByItself, hookVerdict } from '../../domain/apply/hook-verdict.ts';
import type { HookPhase } from '../../domain/apply/hook.ts';
import { groupsInOrder } from '../../domain/apply/order.ts';
import { current } from '../../domain/health/object-health.ts';
import { objectHealth } from '../../domain/health/rules.ts';
import { isMarkedFor } from '../../domain/marks.ts';
import type { SnapshotReader } from '../../hub/snapshot-store.ts';
import { objectMeta } from '../../kube/object-meta.ts';
import type { Resource } from '../../kube/resource.ts';
import { applyObject } from '../apply/apply-object.ts';
import { checkHealth } from '../health/health-check.ts';
import type { TargetState } from '../state/target-state.ts';
import type { TargetContext } from '../target-context.ts';
import type { Hook } from './target-hooks.ts';

export interface HookJob {
  readonly assignment: Assignment;
  readonly reader: SnapshotReader;
  readonly signal: AbortSignal;
  /** Writes down what is about to be done. */
  readonly save: () => Promise<void>;
}

/** Moves the hooks of a phase on as far as they go now, wave by wave. `running`: come again. */
export async function runHooks(
  state: TargetState,
  phase: HookPhase,
  job: HookJob,
  context: TargetContext,
): Promise<'done' | 'running' | 'failed'> {
  const hooks = new Map(state.hooks.ofPhase(phase).map((hook) => [hook.record, hook]));
  for (const group of groupsInOrder([...hooks.keys()])) {
    const members = group.flatMap((record) => hooks.get(record) ?? []);
    for (const hook of members) {
      job.signal.throwIfAborted();
      if (hook.position === 'pending') await start(hook, job, context);
      if (hook.position === 'running') await look(hook, job, context);
    }
    if (members.some(({ position }) => position === 'failed')) return 'failed';
    if (members.some(({ position }) => position !== 'succeeded')) return 'running';
  }
  return 'done';
}

/** Makes room for the hook and creates it. It stays pending while what was there before goes. */
async function start(hook: Hook, job: HookJob, context: TargetContext): Promise<void> {
  const { record, spec } = hook;
  const { resource } = record;
  if (resource === null) return;
  const live = await context.kube.get(resource, record.id, job.signal);
  if (live !== null && spec.deletion.includes('before-creation')) {
    const meta = objectMeta(live);
    if (!isMarkedFor(job.assignment.app, record.id, meta, context.agentNamespace)) {
      await finish(hook, 'failed', 'an object of this name exists that the app does not own', job, context);
    } else if (!meta.deleting) await remove(hook, resource, meta.uid, context);
    return;
  }
  record.appliedHash = null;
  record.uid = '';
  // Written down first: after a crash it must neither be forgotten nor run twice.
  Object.assign(hook, { position: 'running', isLive: true });
  await job.save();
  await create(hook, job, context);
}

async function create(hook: Hook, job: HookJob, context: TargetContext): Promise<void> {
  const { record } = hook;
  await applyObject(record, { ...job, onApplied: () => undefined }, context);
  const { failure } = record;
  if (failure === null) await job.save();
  else if (failure.permanent) await finish(hook, 'failed', failure.message, job, context);
}

async function look(hook: Hook, job: HookJob, context: TargetContext): Promise<void> {
  const { record } = hook;
  const { resource, desired } = record;
  if (resource === null || desired === null) return;
  const live = await context.kube.get(resource, record.id, job.signal);
  if (live === null) {
    // Never created: the agent ended in between, or the server did not take it yet.
    if (record.uid === '') await create(hook, job, context);
    else if (endsByItself(await job.reader.object(desired))) await finish(hook, 'succeeded', '', job, context);
    else await finish(hook, 'failed', 'somebody deleted the hook while it ran', job, context);
    return;
  }
  record.uid = objectMeta(live).uid;
  record.appliedHash ??= desired.digest;
  record.health = objectHealth(record.id, live);
  if (record.health.state !== 'current') {
    record.healthDueAt = 0;
    await checkHealth([record], job.assignment.settings, context);
    record.healthDueAt = null;
  }
  const verdict = hookVerdict(record.id, live, record.health);
  if (verdict !== null) await finish(hook, verdict, record.health.message, job, context);
}

async function finish(
  hook: Hook,
  verdict: 'succeeded' | 'failed',
  message: string,
  job: HookJob,
  context: TargetContext,
): Promise<void> {
  const { record, spec } = hook;
  Object.assign(hook, { position: verdict, message: message || `the hook ${verdict}` });
  record.failure = null;
  record.health = current;
  record.suspect = false;
  const { app, digest } = job.assignment;
  const level = verdict === 'failed' ? 'warn' : 'info';
  context.log[level](`a hook ${verdict}`, { app, digest, hook: record.key, phase: spec.phase, why: hook.message });
  if (hook.isLive && record.uid !== '' && record.resource !== null && spec.deletion.includes(verdict))
    await remove(hook, record.resource, record.uid, context);
  await job.save();
}

async function remove(hook: Hook, resource: Resource, uid: string, context: TargetContext): Promise<void> {
  context.assertMayWrite();
  await context.kube.delete(resource, hook.record.id, { uid, propagation: 'background' });
  hook.isLive = false;
}
