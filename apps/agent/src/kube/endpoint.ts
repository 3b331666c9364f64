/** Where an API server is and how to prove who we are there. */
export interface KubeEndpoint {
  readonly server: URL;
  readonly tls: {
    readonly ca?: string | Buffer;
    readonly cert?: string | Buffer;
    readonly key?: string | Buffer;
    readonly servername?: string;
    readonly rejectUnauthorized: boolean;
  };
  /** The bearer token of now, null when a client certificate (or nothing) is used. */
  token(): Promise<string | null>;
  /** Forgets a remembered token, after the server refused it. */
  forgetToken(): void;
}

/** Remembers what `read` gives for a minute: mounted tokens rotate. */
export function rememberedToken(read: () => Promise<string>): Pick<KubeEndpoint, 'token' | 'forgetToken'> {
  const keepMs = 60_000;
  let remembered: { value: string; readAt: number } | null = null;
  return {
    async token() {
      if (remembered === null || performance.now() - remembered.readAt > keepMs) {
        remembered = { value: await read(), readAt: performance.now() };
      }
      return remembered.value;
    },
    forgetToken() {
      remembered = null;
    },
  };
}
