import type { KubeObject, ObjectId } from '@fairlead/manifests';
import { fieldOf, isJsonObject, normalizeSecret } from '@fairlead/manifests';
import { marksOf, withMarks } from '../marks.ts';
import { withoutPlaceholderBundles } from './ca-bundles.ts';
import { withPortProtocols } from './port-protocols.ts';
import { withoutServerFields } from './server-fields.ts';
import { unsealSecret } from './unseal.ts';
import type { SealingKeys } from './unseal.ts';

export interface PrepareContext {
  readonly app: string;
  /** The identity in the cluster, with the namespace the object is placed in. */
  readonly id: ObjectId;
  readonly agentNamespace: string;
  readonly sealingKeys: SealingKeys;
}

/** The object as it is sent to the API server, for a real apply and for a dry run alike: the one way from Git to a request. */
export function prepareObject(
  stored: KubeObject,
  { app, id, agentNamespace, sealingKeys }: PrepareContext,
): KubeObject {
  const opened = unsealSecret(normalizeSecret(stored), sealingKeys);
  const plain = withoutAggregatedRules(withPortProtocols(withoutServerFields(withoutPlaceholderBundles(opened))));
  return withMarks(plain, id, marksOf(app, id, agentNamespace));
}

/** Rules of an aggregated ClusterRole belong to the controller that collects them: an empty list would wipe them. */
function withoutAggregatedRules(object: KubeObject): KubeObject {
  if (object.kind !== 'ClusterRole' || !isJsonObject(fieldOf(object, 'aggregationRule'))) return object;
  const { rules: _rules, ...rest } = object;
  return rest as KubeObject;
}
