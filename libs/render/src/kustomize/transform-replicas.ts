import { fail } from '../finding.ts';
import type { FieldSpec } from './field-path.ts';
import { visitField } from './field-path.ts';
import { isSelectedBy } from './gvk.ts';
import type { Resource, ResourceOrigin } from './resource.ts';

export interface ReplicaCount {
  readonly name: string;
  readonly count: number;
}

/** Sets the replicas of the workload that has, or had, a name. */
export function setReplicas(
  resources: readonly Resource[],
  replica: ReplicaCount,
  fields: readonly FieldSpec[],
  origin: ResourceOrigin,
): void {
  let isFound = false;
  for (const resource of resources) {
    const ids = [...resource.previousIds, resource.id].filter((id) => id.name === replica.name);
    for (const spec of ids.length === 0 ? [] : fields) {
      if (!ids.some((id) => isSelectedBy(id, spec))) continue;
      isFound = true;
      visitField(resource.object, spec, 'text', () => replica.count);
    }
  }
  if (!isFound) fail({ ...origin, message: `replicas: no workload is called "${replica.name}"` });
}
