import type { ObjectId } from '@fairlead/manifests';
import { agentNames } from '../marks.ts';

/** Objects the agent lives by: never applied for an app, never deleted. */
export function isAgentsOwn(id: ObjectId, agentNamespace: string): boolean {
  if (id.group === '' && id.kind === 'Namespace') return id.name === agentNamespace;
  const isNamedLikeAgent = agentNames.test(id.name);
  if (id.namespace === agentNamespace) return isNamedLikeAgent;
  return id.group === 'rbac.authorization.k8s.io' && id.namespace === '' && isNamedLikeAgent;
}
