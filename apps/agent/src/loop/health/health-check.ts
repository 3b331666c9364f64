import type { TargetSettings } from '@fairlead/shared/contracts';
import type { JsonObject } from '@fairlead/manifests';
import { current, failed, unknown } from '../../domain/health/object-health.ts';
import type { ObjectHealth } from '../../domain/health/object-health.ts';
import { podTrouble } from '../../domain/health/pods.ts';
import type { PodTrouble } from '../../domain/health/pods.ts';
import { runsPods } from '../../domain/health/rules.ts';
import { KubeError } from '../../kube/kube-error.ts';
import { eachLimited } from '../each-limited.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import { judgeLive } from './after-apply.ts';
import { watchesHealth } from './own-rules-of.ts';
import { podsOf } from './pod-list.ts';

const readsAtOnce = 4;
const settleMs = 100;
const recheckMs = { first: 1_000, most: 10_000, failed: 60_000 };
const readAgainMs = { first: 1_000, most: 60_000 };
const mostFailedReads = 3;
// Some kinds (autoscalers) write their status all the time: they are looked at ever more rarely while nothing comes of it.
const chatty = { after: 5, firstMs: 1_000, mostMs: 30_000 };

type Health = Pick<TargetSettings, 'health'>;

/** Asks for a look at an object soon; events that come in between are covered by the same look. */
export function healthIsDue(record: ObjectRecord, { health }: Health, now: number): number | null {
  if (!watchesHealth(record, health) && record.health.state !== 'missing') return null;
  const dueAt = Math.max(now + settleMs, record.memory.lookedAt + spacingMs(record, now));
  if (record.healthDueAt !== null && record.healthDueAt <= dueAt) return null;
  record.healthDueAt = dueAt;
  return dueAt - now;
}

function spacingMs({ memory }: ObjectRecord, now: number): number {
  if (now - memory.lookedAt > chatty.mostMs) memory.fruitlessLooks = 0;
  const tooMany = memory.fruitlessLooks - chatty.after;
  return tooMany < 0 ? 0 : Math.min(chatty.mostMs, chatty.firstMs * 2 ** tooMany);
}

/** Looks at the objects that are due. Gives when the next look is due, in ms from now. */
export async function checkHealth(
  records: readonly ObjectRecord[],
  settings: Health,
  context: TargetContext,
): Promise<number | null> {
  const now = performance.now();
  const due = records.filter((record) => record.healthDueAt !== null && record.healthDueAt <= now + 5);
  await eachLimited(due, readsAtOnce, (record) => look(record, settings, context));
  let next: number | null = null;
  for (const record of records) {
    if (record.healthDueAt === null) continue;
    const waitMs = Math.max(0, record.healthDueAt - performance.now());
    next = next === null ? waitMs : Math.min(next, waitMs);
  }
  return next;
}

/** One object that cannot be read is unknown and named; the others are looked at all the same. */
async function look(record: ObjectRecord, settings: Health, context: TargetContext): Promise<void> {
  const before = record.health;
  const { memory } = record;
  try {
    await checkObject(record, settings, context);
    memory.failedReads = 0;
  } catch (error) {
    // No answer at all is no matter of this object.
    if (!(error instanceof KubeError) || error.concernsServer) {
      sooner(record, 0);
      throw error;
    }
    memory.failedReads += 1;
    const waitMs = Math.min(readAgainMs.most, readAgainMs.first * 2 ** memory.failedReads);
    sooner(record, error.failure === 'denied' ? readAgainMs.most : waitMs);
    if (error.failure === 'denied' || memory.failedReads >= mostFailedReads)
      record.health = unknown('ReadFailed', `its status cannot be read: ${error.message}`);
  }
  memory.lookedAt = performance.now();
  const isSame = before.state === record.health.state && before.reason === record.health.reason;
  memory.fruitlessLooks = isSame ? memory.fruitlessLooks + 1 : 0;
}

async function checkObject(record: ObjectRecord, settings: Health, context: TargetContext): Promise<void> {
  // Before the read: an event that comes meanwhile may be about something newer than what is read.
  record.healthDueAt = null;
  if (record.resource === null || record.appliedHash === null) return;
  const live = await context.kube.get(record.resource, record.id);
  if (live === null) {
    notThere(record);
    return;
  }
  const health = await judgeLive(record, live, settings, context);
  record.health = health;
  const isWaiting = health.state === 'progressing' || health.state === 'failed';
  if (isWaiting && runsPods(record.id)) await lookAtPods(record, live, context);
  else record.troubleSince = null;
  const { againInMs } = record.health;
  if (againInMs !== undefined) sooner(record, againInMs + 20);
}

function notThere(record: ObjectRecord): void {
  if (record.memory.vanishes) {
    record.health = current;
    return;
  }
  record.health = { state: 'missing', reason: 'Missing', message: 'the object is not in the cluster' };
  record.suspect = true;
}

/** A workload may be stuck without saying so; its Pods do. */
async function lookAtPods(record: ObjectRecord, live: JsonObject, context: TargetContext): Promise<void> {
  const trouble = firstTrouble(await podsOf(live, record.id.namespace, context.kube));
  const now = performance.now();
  if (trouble === null) record.troubleSince = null;
  else {
    record.troubleSince ??= now;
    record.health = withTrouble(record.health, trouble, now - record.troubleSince >= context.stuckGraceMs);
  }
  // Pods may get into trouble without any change of the workload that owns them; when they get out of it, it changes.
  const ageMs = record.troubleSince === null ? 0 : now - record.troubleSince;
  const pollMs = Math.min(recheckMs.most, Math.max(recheckMs.first, ageMs / 4));
  sooner(record, record.health.state === 'failed' ? recheckMs.failed : pollMs);
}

function withTrouble(health: ObjectHealth, trouble: PodTrouble, isStuck: boolean): ObjectHealth {
  const message = `${health.message}, ${trouble.message}`;
  if (health.state === 'failed' || isStuck) return failed(trouble.reason, message);
  return { state: 'progressing', reason: trouble.reason, message };
}

function firstTrouble(pods: readonly JsonObject[]): PodTrouble | null {
  for (const pod of pods) {
    const trouble = podTrouble(pod);
    if (trouble !== null) return trouble;
  }
  return null;
}

function sooner(record: ObjectRecord, waitMs: number): void {
  const dueAt = performance.now() + waitMs;
  record.healthDueAt = record.healthDueAt === null ? dueAt : Math.min(record.healthDueAt, dueAt);
}
