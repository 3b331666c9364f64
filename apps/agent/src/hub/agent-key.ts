import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface PublicKeyJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

/** The agent's Ed25519 key pair. Proves who the agent is, and wraps what it stores in its cluster. */
export class AgentKey {
  readonly #privateKey: KeyObject;

  constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
  }

  static generate(): AgentKey {
    return new AgentKey(generateKeyPairSync('ed25519').privateKey);
  }

  static fromPem(pem: string): AgentKey {
    return new AgentKey(createPrivateKey(pem));
  }

  toPem(): string {
    return this.#privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  publicJwk(): PublicKeyJwk {
    const { x } = createPublicKey(this.#privateKey).export({ format: 'jwk' });
    return { kty: 'OKP', crv: 'Ed25519', x: x ?? '' };
  }

  /** A signed statement of who we are (RFC 7523), good for a minute and for one use. */
  assertion({ keyId, audience, nowMs }: { keyId: string; audience: string; nowMs: number }): string {
    const issuedAt = Math.floor(nowMs / 1000);
    const header = encode({ alg: 'EdDSA', typ: 'JWT', kid: keyId });
    const claims = encode({
      iss: keyId,
      sub: keyId,
      aud: audience,
      iat: issuedAt,
      exp: issuedAt + 55,
      jti: randomUUID(),
    });
    const signature = sign(null, Buffer.from(`${header}.${claims}`), this.#privateKey).toString('base64url');
    return `${header}.${claims}.${signature}`;
  }

  /** 32 bytes for one purpose, derived from the private key. */
  derive(purpose: string): Buffer {
    const der = this.#privateKey.export({ type: 'pkcs8', format: 'der' });
    return Buffer.from(hkdfSync('sha256', der, 'fairlead-agent', purpose, 32));
  }

  wrap(content: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.derive('wrap-v1'), nonce);
    const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  unwrap(wrapped: string): string {
    const bytes = Buffer.from(wrapped, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.derive('wrap-v1'), bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
