import { encodeBase64 } from './base64.ts';
import type { JsonObject } from './json.ts';
import { fieldOf, isJsonObject } from './json.ts';
import type { KubeObject } from './kube-object.ts';

/** A sealed value is `sealed:v1:<keyId>:<base64>` in `.data[key]` of a stored Secret. */
export const SEALED_PREFIX = 'sealed:v1:';

export interface SealedValue {
  readonly keyId: string;
  /** Base64 of the ciphertext. */
  readonly ciphertext: string;
}

/** Tells whether a Secret value is sealed. */
export function isSealed(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith(SEALED_PREFIX);
}

/** Writes a sealed value. */
export function formatSealed(sealed: SealedValue): string {
  return `${SEALED_PREFIX}${sealed.keyId}:${sealed.ciphertext}`;
}

/** Reads a sealed value, or gives null when the text is none. */
export function parseSealed(value: string): SealedValue | null {
  const match = /^sealed:v1:([^:]+):([A-Za-z0-9+/]*={0,2})$/.exec(value);
  if (match === null) return null;
  return { keyId: match[1] ?? '', ciphertext: match[2] ?? '' };
}

/** Tells whether an object is a core Secret. */
export function isSecret(object: KubeObject): boolean {
  return object.kind === 'Secret' && object.apiVersion === 'v1';
}

/**
 * Gives a Secret whose `stringData` is merged into `data` (base64, as the API server does it, so
 * `stringData` wins). Other objects, and Secrets without `stringData`, are returned as they are.
 */
export function normalizeSecret(object: KubeObject): KubeObject {
  if (!isSecret(object) || !Object.hasOwn(object, 'stringData')) return object;
  const { stringData, ...rest } = object;
  const merged: JsonObject = { ...asFields(fieldOf(object, 'data')) };
  for (const [key, value] of Object.entries(asFields(stringData))) {
    if (value === null) continue;
    merged[key] = isSealed(value) ? value : encodeBase64(String(value));
  }
  return { ...(rest as KubeObject), data: merged };
}

function asFields(value: JsonObject[string] | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
