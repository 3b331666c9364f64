import type { JsonObject, ObjectId } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import { isDefinition, isNamespace } from '../../domain/prune/live-verdict.ts';
import { isForeignContent, mayHoldContent } from '../../domain/prune/namespace-content.ts';
import { allKinds } from '../../kube/all-kinds.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { ObjectMeta } from '../../kube/object-meta.ts';
import type { Resource } from '../../kube/resource.ts';
import { eachLimited } from '../each-limited.ts';
import type { TargetContext } from '../target-context.ts';
import { actingWithin } from '../tenancy/acting.ts';

const listsAtOnce = 8;

/**
 * Deleting a namespace or a definition deletes what is in it: says whose content is in the way, null when none is. The
 * agent itself looks: an account that an app acts as need not see what its deletion would take along.
 */
export async function contentInTheWay(
  id: ObjectId,
  live: JsonObject,
  app: string,
  context: TargetContext,
): Promise<string | null> {
  if (isNamespace(id)) return contentOfNamespace(id.name, app, context);
  return isDefinition(id) ? instancesOf(live, context) : null;
}

async function contentOfNamespace(namespace: string, app: string, context: TargetContext): Promise<string | null> {
  const { kinds, unreachable } = await allKinds(context.kube.transport);
  if (unreachable.some((group) => mayHoldContent({ group, kind: '', namespaced: true }))) {
    return `what the namespace holds is not known: the API server of ${unreachable.join(', ')} does not answer`;
  }
  let found: string | null = null;
  await eachLimited(kinds.filter(mayHoldContent), listsAtOnce, async (resource) => {
    if (found !== null) return;
    await listUnlessGone(resource, { namespace }, context, (meta) => {
      const id = { group: resource.group, kind: resource.kind, namespace, name: meta.name };
      if (isForeignContent(id, meta, { app, agentNamespace: context.agentNamespace }))
        found ??= `the namespace holds ${resource.kind} ${meta.name}, which is not of this app`;
    });
  });
  return found;
}

async function instancesOf(definition: JsonObject, context: TargetContext): Promise<string | null> {
  const resource = definedResource(definition);
  if (resource === null) return null;
  let found: string | null = null;
  await listUnlessGone(resource, { limit: 1 }, context, ({ namespace, name }) => {
    found = `objects of this definition exist, for example ${namespace === '' ? name : `${namespace}/${name}`}`;
  });
  return found;
}

/** A kind whose definition was deleted a moment ago is still announced for a while. */
async function listUnlessGone(
  resource: Resource,
  query: { readonly namespace?: string; readonly limit?: number },
  context: TargetContext,
  onItem: (meta: ObjectMeta) => void,
): Promise<void> {
  try {
    await actingWithin(context.limits, context.kube).listMeta(resource, query, onItem);
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 404) throw error;
  }
}

function definedResource(definition: JsonObject): Resource | null {
  const group = fieldAt(definition, ['spec', 'group']);
  const plural = fieldAt(definition, ['spec', 'names', 'plural']);
  const kind = fieldAt(definition, ['spec', 'names', 'kind']);
  const versions = fieldAt(definition, ['spec', 'versions']);
  const served = (Array.isArray(versions) ? versions : []).find(
    (entry) => isJsonObject(entry) && fieldOf(entry, 'served') === true,
  );
  const version = served === undefined ? undefined : fieldOf(served, 'name');
  if (typeof group !== 'string' || typeof plural !== 'string' || typeof kind !== 'string') return null;
  return typeof version === 'string' ? { group, version, plural, kind, namespaced: false } : null;
}
