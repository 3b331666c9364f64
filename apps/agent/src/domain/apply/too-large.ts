import type { KubeObject } from '@fairlead/manifests';
import { decodeBase64, fieldOf, isJsonObject } from '@fairlead/manifests';

/** What a Secret or a ConfigMap may hold, in bytes. */
const dataLimitBytes = 1024 * 1024;

/** Why the API server would refuse an object for its size, told without sending it; null when it would not. */
export function tooLarge(object: KubeObject): string | null {
  if (object.apiVersion !== 'v1' || (object.kind !== 'Secret' && object.kind !== 'ConfigMap')) return null;
  const isSecret = object.kind === 'Secret';
  const plain = sizeOf(object, 'data', isSecret);
  const size = plain + (isSecret ? 0 : sizeOf(object, 'binaryData', true));
  if (size <= dataLimitBytes) return null;
  return `the ${object.kind} holds ${size} bytes; the API server takes at most ${dataLimitBytes}`;
}

function sizeOf(object: KubeObject, field: string, isBase64: boolean): number {
  const data = fieldOf(object, field);
  if (!isJsonObject(data)) return 0;
  return Object.values(data)
    .filter((value) => typeof value === 'string')
    .reduce((sum, value) => sum + (isBase64 ? decodeBase64(value).length : Buffer.byteLength(value)), 0);
}
