import { gcmsiv } from '@noble/ciphers/aes.js';
import type { JsonObject, KubeObject } from '@fairlead/manifests';
import {
  decodeBase64,
  encodeBase64,
  fieldOf,
  isJsonObject,
  isSealed,
  isSecret,
  parseSealed,
} from '@fairlead/manifests';
import { CodedError } from '@fairlead/shared/kernel';

/**
 * A sealed value is `sealed:v1:<keyId>:base64(nonce || ciphertext || tag)`: AES-256-GCM-SIV with the first 12 bytes of
 * HMAC-SHA256(key, "fairlead-nonce-v1" 00 plaintext) as its nonce. Deterministic on purpose: equal values give equal text,
 * so that digests change only when values do. The agent only opens; the render worker of the hub seals.
 */

/** 32-byte keys by key id. */
export type SealingKeys = ReadonlyMap<string, Uint8Array>;

const associated = new TextEncoder().encode('fairlead/secret/v1');
const nonceLength = 12;

/** Gives a Secret with its sealed values in the clear (base64, as in `data`); other objects as they are. */
export function unsealSecret(object: KubeObject, keys: SealingKeys): KubeObject {
  const values = fieldOf(object, 'data');
  if (!isSecret(object) || !isJsonObject(values) || !Object.values(values).some(isSealed)) return object;
  const opened: JsonObject = {};
  for (const [name, value] of Object.entries(values)) opened[name] = isSealed(value) ? unsealValue(value, keys) : value;
  return { ...object, data: opened };
}

function unsealValue(value: string, keys: SealingKeys): string {
  const sealed = parseSealed(value);
  const key = sealed === null ? undefined : keys.get(sealed.keyId);
  if (sealed === null || key === undefined) {
    throw new CodedError(
      { code: 'agent.no-sealing-key', kind: 'unavailable' },
      'the key of a sealed value is not here',
      {
        keyId: sealed?.keyId ?? null,
      },
    );
  }
  const bytes = decodeBase64(sealed.ciphertext);
  try {
    return encodeBase64(gcmsiv(key, bytes.subarray(0, nonceLength), associated).decrypt(bytes.subarray(nonceLength)));
  } catch (error) {
    throw new CodedError(
      { code: 'agent.sealed-value', kind: 'invalid' },
      'a sealed value cannot be opened',
      { keyId: sealed.keyId },
      { cause: error },
    );
  }
}
