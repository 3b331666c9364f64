import type { PodReport } from '@fairlead/shared/contracts';
import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';
import { text } from '../../domain/health/object-health.ts';
import { failingPods, loggedContainer, podReason } from '../../domain/health/failing-pods.ts';
import { lastEvents, logTail } from '../../domain/health/pod-words.ts';
import { runsPods } from '../../domain/health/rules.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { Resource } from '../../kube/resource.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';
import { podsOf } from './pod-list.ts';

const events: Resource = { group: '', version: 'v1', plural: 'events', kind: 'Event', namespaced: true };
const mostObjects = 3;
const eventsRead = 50;
// Cut from the end of what is read: the server would cut the end itself.
const log = { lines: 20, bytes: 16_384 };

/** Asks the Pods of the first failed objects what happened, once for every failure; forgets what is over. */
export async function explainFailures(
  records: readonly ObjectRecord[],
  context: Pick<TargetContext, 'kube'>,
): Promise<void> {
  let explained = 0;
  for (const record of records) {
    const mayExplain = record.health.state === 'failed' && explained < mostObjects && hasPods(record);
    if (!mayExplain) {
      record.memory.pods = null;
      continue;
    }
    explained += 1;
    const cause = `${record.health.reason} ${record.appliedHash}`;
    if (record.memory.pods?.cause === cause) continue;
    record.memory.pods = { cause, reports: await readReports(record, context.kube) };
  }
}

function hasPods({ id }: ObjectRecord): boolean {
  return runsPods(id) || (id.group === '' && id.kind === 'Pod');
}

async function readReports(record: ObjectRecord, kube: KubeClient): Promise<PodReport[]> {
  if (record.resource === null) return [];
  const object = await orNull(kube.get(record.resource, record.id));
  if (object === null) return [];
  const pods = record.id.kind === 'Pod' ? [object] : ((await orNull(podsOf(object, record.id.namespace, kube))) ?? []);
  return Promise.all(failingPods(pods).map((pod) => readReport(pod, record.id.namespace, kube)));
}

async function readReport(pod: JsonObject, namespace: string, kube: KubeClient): Promise<PodReport> {
  const container = loggedContainer(pod);
  const [said, lines] = await Promise.all([readEvents(pod, namespace, kube), readLog(pod, namespace, kube)]);
  return {
    name: text(fieldAt(pod, ['metadata', 'name'])),
    container: container?.name ?? null,
    reason: podReason(pod),
    events: lastEvents(said),
    log: lines === null ? null : logTail(lines),
  };
}

async function readEvents(pod: JsonObject, namespace: string, kube: KubeClient): Promise<Json[]> {
  const uid = text(fieldAt(pod, ['metadata', 'uid']));
  const query = { namespace, fieldSelector: `involvedObject.uid=${uid}`, limit: eventsRead };
  return (await orNull(kube.list(events, query))) ?? [];
}

async function readLog(pod: JsonObject, namespace: string, kube: KubeClient): Promise<string | null> {
  const container = loggedContainer(pod);
  if (container === null) return null;
  const name = text(fieldOf(fieldOf(pod, 'metadata'), 'name'));
  const read = (previous: boolean) =>
    orNull(kube.podLog({ namespace, name, container: container.name, previous, ...log }));
  const before = container.hasCrashed ? await read(true) : null;
  return before ?? (container.hasStarted ? read(false) : null);
}

/** What may not be read, or is not there, is not said. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof KubeError) return null;
    throw error;
  }
}
