import { createHmac } from 'node:crypto';
import { gcmsiv } from '@noble/ciphers/aes.js';
import type { JsonObject, KubeObject } from '@fairlead/manifests';
import {
  decodeBase64,
  encodeBase64,
  fieldOf,
  formatSealed,
  isJsonObject,
  isSealed,
  isSecret,
  parseSealed,
} from '@fairlead/manifests';
import { CodedError } from '@fairlead/shared/kernel';

/** 32-byte keys by key id. */
export type SealingKeys = ReadonlyMap<string, Uint8Array>;

const associated = new TextEncoder().encode('fairlead/secret/v1');
const nonceLength = 12;

/**
 * Seals one decoded Secret value. Deterministic on purpose: equal values give equal text, so that digests change only
 * when values do. `sealed:v1:<keyId>:base64(nonce || ciphertext || tag)`, AES-256-GCM-SIV, nonce = first 12 bytes of
 * HMAC-SHA256(key, "fairlead-nonce-v1" 00 plaintext).
 */
export function sealValue(plaintext: Uint8Array, keyId: string, key: Uint8Array): string {
  const nonce = new Uint8Array(
    createHmac('sha256', key)
      .update('fairlead-nonce-v1')
      .update(Uint8Array.of(0))
      .update(plaintext)
      .digest()
      .subarray(0, nonceLength),
  );
  const sealed = gcmsiv(key, nonce, associated).encrypt(plaintext);
  return formatSealed({ keyId, ciphertext: encodeBase64(Buffer.concat([nonce, sealed])) });
}

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
