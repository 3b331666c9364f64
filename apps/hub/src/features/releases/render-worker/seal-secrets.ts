import { createHmac } from 'node:crypto';
import { gcmsiv } from '@noble/ciphers/aes.js';
import {
  encodeBase64,
  fieldOf,
  formatSealed,
  isJsonObject,
  isSecret,
  normalizeSecret,
  type JsonObject,
  type KubeObject,
} from '@fairlead/manifests';

const additionalData = new TextEncoder().encode('fairlead/secret/v1');
const noncePrefix = new TextEncoder().encode('fairlead-nonce-v1\0');
const nonceBytes = 12;
const base64Form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const maxRemembered = 10_000;

/** Something about a Secret that cannot be sealed. Names the key, never the value. */
export class UnsealableSecret extends Error {
  readonly object: KubeObject;
  readonly reason: string;

  constructor(object: KubeObject, reason: string) {
    super(reason);
    this.object = object;
    this.reason = reason;
  }
}

/**
 * Seals Secret values by AES-256-GCM-SIV. The nonce is derived from the value, so that equal values have equal sealed
 * forms and digests tell changes; without the key nobody can find a value by trying.
 */
export class SecretSealer {
  readonly #keyId: string;
  readonly #key: Uint8Array;
  readonly #remembered = new Map<string, string>();

  constructor(key: { keyId: string; key: Uint8Array }) {
    this.#keyId = key.keyId;
    this.#key = key.key;
  }

  /** The object to store: of a Secret a copy with sealed `data`, of anything else the object itself. */
  seal(object: KubeObject): KubeObject {
    if (!isSecret(object)) return object;
    const secret = withoutLastApplied(normalizeSecret(object));
    const values = fieldOf(secret, 'data');
    if (values === undefined || values === null) return secret;
    if (!isJsonObject(values)) throw new UnsealableSecret(object, '"data" must be a map');
    const sealed: JsonObject = {};
    for (const [key, value] of Object.entries(values)) sealed[key] = this.#sealValue(object, key, value);
    return { ...secret, data: sealed };
  }

  #sealValue(object: KubeObject, key: string, value: unknown): string {
    // Also when it looks sealed already: a value from Git is a value, whatever it looks like.
    const text = value ?? '';
    const compact = typeof text === 'string' ? text.replace(/[\r\n]/g, '') : null;
    if (compact === null || !base64Form.test(compact)) {
      throw new UnsealableSecret(object, `the value of "${key}" is not base64`);
    }
    const known = this.#remembered.get(compact);
    if (known !== undefined) return known;
    const sealed = this.#encrypt(new Uint8Array(Buffer.from(compact, 'base64')));
    if (this.#remembered.size >= maxRemembered) this.#remembered.clear();
    this.#remembered.set(compact, sealed);
    return sealed;
  }

  #encrypt(plaintext: Uint8Array): string {
    const digest = createHmac('sha256', this.#key).update(noncePrefix).update(plaintext).digest();
    const nonce = new Uint8Array(digest.subarray(0, nonceBytes));
    const ciphertext = gcmsiv(this.#key, nonce, additionalData).encrypt(plaintext);
    return formatSealed({ keyId: this.#keyId, ciphertext: encodeBase64(Buffer.concat([nonce, ciphertext])) });
  }
}

/** The annotation holds a whole earlier copy of the Secret. */
function withoutLastApplied(object: KubeObject): KubeObject {
  const annotations = fieldOf(object.metadata, 'annotations');
  if (!isJsonObject(annotations) || !Object.hasOwn(annotations, lastApplied)) return object;
  const { [lastApplied]: _removed, ...kept } = annotations;
  return { ...object, metadata: { ...object.metadata, annotations: kept } };
}
