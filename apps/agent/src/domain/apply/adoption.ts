import type { ApplySettings } from '@fairlead/shared/contracts';
import type { ObjectId } from '@fairlead/manifests';
import { appLabel, applySetId, inventoryName, markedOwner, partOfLabel } from '../marks.ts';
import type { Marks } from '../marks.ts';
import { isWanted } from '../managed-fields/take-over.ts';

export interface AdoptionQuestion {
  readonly app: string;
  readonly agentNamespace: string;
  readonly id: ObjectId;
  /** Labels and annotations of the live object. */
  readonly live: Marks;
  readonly settings: Pick<ApplySettings, 'adopt' | 'takeOver'>;
}

export type Adoption =
  | { readonly verdict: 'ours' | 'adopt' }
  | { readonly verdict: 'refuse'; readonly reason: 'NotOwned' | 'OwnedByAnother'; readonly message: string };

/** Whether an object that exists before this app ever applied it may become the app's. */
export function judgeAdoption({ app, agentNamespace, id, live, settings }: AdoptionQuestion): Adoption {
  const owner = markedOwner(id, live, agentNamespace);
  if (owner?.isOurs === true && owner.app === app) return { verdict: 'ours' };
  if (settings.adopt === 'always') return { verdict: 'adopt' };
  if (owner !== null) {
    const whose = owner.isOurs ? `the app "${owner.app}"` : `the app "${owner.app}" of another agent`;
    return refused('OwnedByAnother', `the object belongs to ${whose}`);
  }
  const tool = otherTool(id, live, applySetId(inventoryName(app), agentNamespace));
  if (tool !== null && !tool.managers.some((manager) => isWanted(manager, settings.takeOver))) {
    const how = `let the app take over the manager "${tool.managers[0] ?? ''}", or adopt always`;
    return refused('OwnedByAnother', `the object belongs to ${tool.name}; to move it here, ${how}`);
  }
  if (tool === null && settings.adopt === 'never') {
    return refused('NotOwned', 'the object exists already and the app does not adopt objects it has not made');
  }
  return { verdict: 'adopt' };
}

function refused(reason: 'NotOwned' | 'OwnedByAnother', message: string): Adoption {
  return { verdict: 'refuse', reason, message };
}

interface Tool {
  readonly name: string;
  /** Names under which it writes: whoever takes these over takes its objects over. */
  readonly managers: readonly string[];
}

/** The other deployment tool whose marks the object carries. */
function otherTool(id: ObjectId, { labels, annotations }: Marks, ourSet: string): Tool | null {
  const argo = annotations['argocd.argoproj.io/tracking-id'];
  // A copy of the mark on another object proves nothing.
  if (argo?.endsWith(`:${id.group}/${id.kind}:${id.namespace}/${id.name}`) === true)
    return { name: `Argo CD (${argo.slice(0, argo.indexOf(':'))})`, managers: ['argocd-controller'] };
  for (const [group, kind, manager] of [
    ['kustomize.toolkit.fluxcd.io', 'Kustomization', 'kustomize-controller'],
    ['helm.toolkit.fluxcd.io', 'HelmRelease', 'helm-controller'],
  ] as const) {
    const name = labels[`${group}/name`];
    if (name !== undefined)
      return { name: `Flux (${kind} ${labels[`${group}/namespace`] ?? ''}/${name})`, managers: [manager] };
  }
  const release = annotations['meta.helm.sh/release-name'];
  if (release !== undefined) {
    const namespace = annotations['meta.helm.sh/release-namespace'] ?? '';
    return { name: `Helm (release ${namespace}/${release})`, managers: ['helm', 'helm-controller'] };
  }
  const set = labels[partOfLabel];
  if (set !== undefined && set !== ourSet && labels[appLabel] === undefined)
    return { name: `the ApplySet ${set}`, managers: ['kubectl'] };
  return null;
}
