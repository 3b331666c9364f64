import type { ObjectId } from '@fairlead/manifests';
import { markNames } from '../../domain/marks.ts';
import type { Resource } from '../../kube/resource.ts';
import type { TargetContext } from '../target-context.ts';

/** Takes our marks off an object that stays, so that no later run takes it for the app's. Its other fields stay as they are. */
export async function removeMarks(
  resource: Resource,
  id: ObjectId,
  uid: string,
  context: TargetContext,
): Promise<void> {
  const labels = Object.fromEntries(markNames.labels.map((name) => [name, null]));
  const annotations = Object.fromEntries(markNames.annotations.map((name) => [name, null]));
  context.assertMayWrite();
  // With the UID in it, the server refuses to touch a newer object of the same name.
  await context.kube.merge(resource, id, { metadata: { uid, labels, annotations } });
}
