import { KubeError } from '../../kube/kube-error.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import { failedOnce } from './retry-state.ts';

/**
 * Asks, once per kind and namespace, whether rights that were missing are there now. Objects of kinds for which they are
 * not keep their failure without being sent; the others are given back.
 */
export async function withRights(records: readonly ObjectRecord[], kube: KubeClient): Promise<ObjectRecord[]> {
  const answers = new Map<string, Promise<boolean>>();
  const allowed = await Promise.all(
    records.map(async (record) => {
      const { resource, retry } = record;
      if (resource === null || retry.failure?.retry !== 'rights') return true;
      const verb = deniedVerb(retry.failure.message, resource.plural);
      const question = `${verb} ${resource.group}/${resource.plural} ${record.id.namespace}`;
      let answer = answers.get(question);
      if (answer === undefined) answers.set(question, (answer = ask(kube, verb, record)));
      return answer;
    }),
  );
  return records.filter((record, index) => {
    if (allowed[index] === true) return true;
    if (record.retry.failure !== null) failedOnce(record, record.retry.hash, record.retry.failure);
    return false;
  });
}

async function ask(kube: KubeClient, verb: string, { resource, id }: ObjectRecord): Promise<boolean> {
  if (resource === null) return true;
  try {
    return await kube.may(verb, resource, id.namespace);
  } catch (error) {
    // Whoever may not even ask, as when acting as somebody else is not allowed, has no rights either.
    if (error instanceof KubeError && error.failure === 'denied') return false;
    throw error;
  }
}

/** The verb that the server named, when it was about this kind: an apply needs `create` as well as `patch`. */
function deniedVerb(message: string, plural: string): string {
  const [, verb = 'patch', denied] = /cannot (\S+) resource "([^"]+)"/.exec(message) ?? [];
  return denied === plural ? verb : 'patch';
}
