import type { JsonObject } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import { text } from './object-health.ts';

/** Says on an object how its health is meant. */
const name = 'fairlead.dev/health';

/** The object counts as healthy whatever its status says; nobody waits for it. */
export const ignored = 'ignore';
/** A Pod that is not restarted is a server all the same: it is healthy while it is ready. */
export const longRunning = 'long-running';

export function healthAnnotation(object: JsonObject): string {
  return text(fieldAt(object, ['metadata', 'annotations', name]));
}
