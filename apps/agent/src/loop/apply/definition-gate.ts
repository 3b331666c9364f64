import { objectHealth } from '../../domain/health/rules.ts';
import { pause } from '../../kube/pause.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';

const waitMs = { first: 100, most: 2_000, deadline: 30_000 };

/** Waits until a new definition is established and its kinds are served: objects that come later need them. */
export async function definitionReady(
  record: ObjectRecord,
  { records, signal }: { records: readonly ObjectRecord[]; signal: AbortSignal },
  context: TargetContext,
): Promise<void> {
  const { resource, id } = record;
  if (id.kind !== 'CustomResourceDefinition' || resource === null || record.failure !== null) return;
  const deadline = performance.now() + waitMs.deadline;
  await until(deadline, signal, async () => {
    const live = await context.kube.get(resource, id, signal);
    if (live !== null) record.health = objectHealth(id, live);
    return record.health.state === 'current' || record.health.state === 'failed';
  });
  if (record.health.state !== 'current') {
    const message = record.health.message || 'the definition was not established';
    record.failure = { reason: 'NotEstablished', message, permanent: record.health.state === 'failed' };
    return;
  }
  const users = records.filter(
    (user) => user.id.group !== '' && user.resource !== null && id.name === `${user.resource.plural}.${user.id.group}`,
  );
  if (await until(deadline, signal, () => allServed(users, context))) return;
  record.failure = { reason: 'NotServed', message: 'the kinds of the definition are not served', permanent: false };
}

/** Asks again, ever more slowly, until the answer is yes or the deadline has passed. */
async function until(deadline: number, signal: AbortSignal, ask: () => Promise<boolean>): Promise<boolean> {
  for (let ms = waitMs.first; ; ms = Math.min(waitMs.most, ms * 1.5)) {
    if (await ask()) return true;
    if (performance.now() > deadline) return false;
    await pause(ms, signal);
  }
}

async function allServed(users: readonly ObjectRecord[], context: TargetContext): Promise<boolean> {
  const kindsByVersion = new Map<string, Set<string>>();
  for (const { desired, id } of users) {
    const version = desired?.apiVersion ?? '';
    kindsByVersion.set(version, (kindsByVersion.get(version) ?? new Set()).add(id.kind));
  }
  for (const [apiVersion, kinds] of kindsByVersion) {
    let served = await context.kube.discover(apiVersion);
    if (![...kinds].every((kind) => served.has(kind))) served = await context.kube.discover(apiVersion, true);
    if (![...kinds].every((kind) => served.has(kind))) return false;
  }
  return true;
}
