import type { KubeObject } from '@fairlead/manifests';
import { prepareObject } from '../../domain/apply/prepare-object.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import type { TargetContext } from '../target-context.ts';

/** What is sent for an object of an app, when it is applied and when it is compared. */
export function prepareFor(record: ObjectRecord, stored: KubeObject, app: string, context: TargetContext): KubeObject {
  const { agentNamespace } = context;
  return prepareObject(stored, { app, id: record.id, agentNamespace, sealingKeys: context.sealingKeys() });
}
