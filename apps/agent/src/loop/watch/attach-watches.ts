import type { KubeClient } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { Resource } from '../../kube/resource.ts';
import type { TargetContext } from '../target-context.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetState } from '../state/target-state.ts';

/** Kinds and watches of objects that were known before this process began, also when nothing is to be applied. */
export async function attachWatches(state: TargetState, { kube, watches }: TargetContext): Promise<void> {
  const resources = new Set<Resource>();
  for (const record of state.desired()) {
    if (record.resource === null && record.failure === null) record.resource = await findKind(record, kube);
    if (record.resource !== null) resources.add(record.resource);
  }
  await Promise.all([...resources].map((resource) => watches.ensure(resource)));
  state.unwatched = [...resources].filter((resource) => watches.isForbidden(resource));
}

/** Null also while the API group of the object does not answer: then it is asked again with the next step. */
async function findKind({ apiVersion, id }: ObjectRecord, kube: KubeClient): Promise<Resource | null> {
  try {
    return (await kube.discover(apiVersion)).get(id.kind) ?? null;
  } catch (error) {
    if (!(error instanceof KubeError) || error.concernsServer) throw error;
    return null;
  }
}
