import { createHash } from 'node:crypto';
import { noAnswer } from './kube-error.ts';

export interface KubeTls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
}

/** How to prove who we are, and whom to believe. */
export interface KubeAccess {
  /** Null when a client certificate (or nothing) is used. */
  readonly token: string | null;
  /** The same object as long as nothing in it changed. */
  readonly tls: KubeTls;
}

/** Where an API server is. The place never changes: another address could be another cluster. */
export interface KubeEndpoint {
  readonly server: URL;
  /** What is valid now. */
  access(): Promise<KubeAccess>;
  /** Reads everything again at the next request, after the server refused what we had. */
  forget(): void;
}

export interface ReadAccess extends KubeAccess {
  /** Wall-clock ms until which it need not be read again; null: a minute, as mounted files rotate. */
  readonly keepUntil?: number | null;
}

const keepMs = 60_000;

/** Remembers what `read` gives. When it cannot be read again, what is known stays in use until the server refuses it. */
export function rememberedAccess(read: () => Promise<ReadAccess>): Pick<KubeEndpoint, 'access' | 'forget'> {
  let known: { access: KubeAccess; until: number } | null = null;
  let tls: { value: KubeTls; hash: string } | null = null;
  let reading: Promise<KubeAccess> | null = null;

  const readNow = async (): Promise<KubeAccess> => {
    const found = await read();
    const hash = tlsHash(found.tls);
    if (tls?.hash !== hash) tls = { value: found.tls, hash };
    const access = { token: found.token, tls: tls.value };
    known = { access, until: found.keepUntil ?? Date.now() + keepMs };
    return access;
  };
  return {
    async access() {
      if (known !== null && Date.now() < known.until) return known.access;
      // Many requests may come at once; a credential plugin is started once.
      reading ??= readNow().finally(() => {
        reading = null;
      });
      try {
        return await reading;
      } catch (error) {
        if (known !== null) {
          known = { access: known.access, until: Date.now() + keepMs / 6 };
          return known.access;
        }
        throw noAnswer('the credentials for the API server cannot be read', 'Credentials', error);
      }
    },
    forget() {
      known = null;
    },
  };
}

function tlsHash(tls: KubeTls): string {
  const hash = createHash('sha256');
  for (const part of [tls.ca, tls.cert, tls.key, tls.servername, String(tls.rejectUnauthorized)])
    hash.update(part ?? '').update('\0');
  return hash.digest('base64');
}
