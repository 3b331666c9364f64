import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { CodedError } from '@fairlead/shared/kernel';
import type { HubKeys } from '../../../platform/keys/hub-keys.ts';
import type { SecretBox } from '../application/secret-box.ts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM under the hub's sealing key, as `v1:<key id>:<base64 of nonce, tag, ciphertext>`. */
export class HubSecretBox implements SecretBox {
  readonly #keys: HubKeys;

  constructor(keys: HubKeys) {
    this.#keys = keys;
  }

  seal(text: string, purpose: string): string {
    const { keyId, key } = this.#keys.current;
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(purpose));
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return `v1:${keyId}:${Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]).toString('base64')}`;
  }

  open(sealed: string, purpose: string): string {
    const [version, keyId, content = ''] = sealed.split(':');
    const key = this.#keys.all.find((each) => each.keyId === keyId)?.key;
    if (version !== 'v1' || key === undefined) {
      throw new CodedError(
        { code: 'keys.unknown', kind: 'unavailable' },
        'A stored secret is sealed under a key that this hub does not have.',
        { keyId },
      );
    }
    const bytes = Buffer.from(content, 'base64');
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
  }
}
