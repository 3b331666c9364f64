import { createHmac } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { Json, JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';
import type { KubeObject } from './kube-object.ts';
import { isSecret } from './sealed-secret.ts';

/**
 * Replaces the values of a Secret by masks. The same value under the same key has the same mask, so
 * that a change is seen without the value being shown; the key must stay secret, or short values can be guessed.
 */
export function maskSecret(object: KubeObject, maskKey: string | Uint8Array): KubeObject {
  if (!isSecret(object)) return object;
  const masked: KubeObject = { ...object };
  for (const field of ['data', 'stringData']) {
    const values = masked[field];
    if (isJsonObject(values)) masked[field] = maskValues(values, maskKey);
  }
  const applied = 'kubectl.kubernetes.io/last-applied-configuration';
  const annotations = masked.metadata['annotations'];
  if (isJsonObject(annotations) && Object.hasOwn(annotations, applied)) {
    masked.metadata = { ...masked.metadata, annotations: { ...annotations, [applied]: maskValue('', maskKey) } };
  }
  return masked;
}

/** The mask of one value. */
export function maskValue(value: Json, maskKey: string | Uint8Array): string {
  const digest = createHmac('sha256', maskKey).update(canonicalJson(value)).digest('hex');
  return `masked:${digest.slice(0, 16)}`;
}

function maskValues(values: JsonObject, maskKey: string | Uint8Array): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, maskValue(value, maskKey)]));
}
