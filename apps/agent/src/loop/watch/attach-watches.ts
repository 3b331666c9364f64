import type { Resource } from '../../kube/resource.ts';
import type { TargetContext } from '../target-context.ts';
import type { TargetState } from '../state/target-state.ts';

/** Kinds and watches of objects that were known before this process began, also when nothing is to be applied. */
export async function attachWatches(state: TargetState, { kube, watches }: TargetContext): Promise<void> {
  const resources = new Set<Resource>();
  for (const record of state.desired()) {
    if (record.resource === null && record.failure === null)
      record.resource = (await kube.discover(record.apiVersion)).get(record.id.kind) ?? null;
    if (record.resource !== null) resources.add(record.resource);
  }
  await Promise.all([...resources].map((resource) => watches.ensure(resource)));
  state.unwatched = [...resources].filter((resource) => watches.isForbidden(resource));
}
