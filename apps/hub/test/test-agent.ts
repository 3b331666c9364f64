import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import WebSocket from 'ws';
import {
  agentProtocol,
  EnrollResponse,
  HubMessage,
  IssuedJoinToken,
  type AgentMessage,
  type HelloMessage,
} from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import type { Answer, HubUnderTest } from './use-hub.ts';

/** Makes a join token. */
export async function joinToken(hub: HubUnderTest, request: Record<string, unknown> = {}): Promise<IssuedJoinToken> {
  const { body } = await hub.call('POST', '/v1/join-tokens', { maxUses: 100, ...request });
  return IssuedJoinToken.parse(body);
}

interface AgentKeys {
  privateKey: CryptoKey;
  publicJwk: JWK;
}

/** The client side of the agent protocol, driven by a test word by word. */
export class TestAgent {
  readonly name: string;
  readonly fingerprint: string;
  enrolment: EnrollResponse | undefined;
  readonly #hub: HubUnderTest;
  readonly #keys: AgentKeys;

  private constructor(hub: HubUnderTest, name: string, fingerprint: string, keys: AgentKeys) {
    this.#hub = hub;
    this.name = name;
    this.fingerprint = fingerprint;
    this.#keys = keys;
  }

  static async make(hub: HubUnderTest, name: string, fingerprint = `uid-of-${name}`): Promise<TestAgent> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    return new TestAgent(hub, name, fingerprint, { privateKey, publicJwk: await exportJWK(publicKey) });
  }

  /** An agent that has enrolled. */
  static async enrolled(hub: HubUnderTest, name: string): Promise<TestAgent> {
    const agent = await TestAgent.make(hub, name);
    const { status } = await agent.enrol((await joinToken(hub)).token);
    if (status !== 200) throw new Error(`enrolment answered ${status}`);
    return agent;
  }

  /** The same key seen from another cluster. */
  elsewhere(fingerprint: string, hub: HubUnderTest = this.#hub): TestAgent {
    const twin = new TestAgent(hub, this.name, fingerprint, this.#keys);
    twin.enrolment = this.enrolment;
    return twin;
  }

  async enrol(token: string): Promise<Answer> {
    const { x } = this.#keys.publicJwk;
    const answer = await this.#hub.call(
      'POST',
      '/agent/v1/enroll',
      {
        protocolVersion: { major: agentProtocol.major, minor: agentProtocol.minor },
        token,
        clusterName: this.name,
        publicKey: { kty: 'OKP', crv: 'Ed25519', x },
        fingerprint: this.fingerprint,
        agentVersion: '0.1.0',
        kubernetesVersion: 'v1.34.0',
      },
      null,
    );
    if (answer.status === 200) this.enrolment = EnrollResponse.parse(answer.body);
    return answer;
  }

  async assertion(overrides: Record<string, unknown> = {}): Promise<string> {
    const { keyId, audience } = this.enrolment ?? { keyId: 'none', audience: 'none' };
    const now = Math.floor(this.#hub.platform.clock.nowMs() / 1000);
    const claims = { iss: keyId, sub: keyId, aud: audience, iat: now, exp: now + 60, jti: randomUUID(), ...overrides };
    return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: keyId }).sign(this.#keys.privateKey);
  }

  async requestToken(assertion: string): Promise<Answer> {
    return this.#hub.call(
      'POST',
      '/agent/v1/token',
      {
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      },
      null,
    );
  }

  async accessToken(): Promise<string> {
    const { status, body } = await this.requestToken(await this.assertion());
    if (status !== 200) throw new Error(`the token endpoint answered ${status}`);
    return (body as { access_token: string }).access_token;
  }

  async snapshot(digest: string, base: string | null = null): Promise<Answer> {
    return this.#hub.call('POST', `/agent/v1/snapshots/${digest}`, { base }, await this.accessToken());
  }

  /** Opens the socket without a word. */
  async dial(): Promise<TestSession> {
    const url = this.#hub.url.replace(/^http/, 'ws');
    const socket = new WebSocket(`${url}/agent/v1/session`, agentProtocol.subprotocol, {
      headers: { authorization: `Bearer ${await this.accessToken()}` },
    });
    return TestSession.over(socket);
  }

  /** Dials, says hello and has been welcomed. */
  async connect(apps: HelloMessage['apps'] = []): Promise<TestSession> {
    const session = await this.dial();
    session.send(this.hello(apps));
    await session.until('welcome');
    return session;
  }

  hello(apps: HelloMessage['apps'] = []): HelloMessage {
    return {
      type: 'hello',
      protocolVersion: { major: agentProtocol.major, minor: agentProtocol.minor },
      agentVersion: '0.1.0',
      kubernetesVersion: 'v1.34.0',
      fingerprint: this.fingerprint,
      apps,
    };
  }
}

/** One WebSocket of a test agent. */
export class TestSession {
  readonly received: HubMessage[] = [];
  readonly socket: WebSocket;
  closeCode: number | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (frame: Buffer) => this.received.push(HubMessage.parse(JSON.parse(frame.toString()))));
    socket.on('close', (code) => (this.closeCode = code));
    socket.on('error', () => {});
  }

  static async over(socket: WebSocket): Promise<TestSession> {
    const session = new TestSession(socket);
    await new Promise<void>((opened, failed) => {
      socket.once('open', () => opened());
      socket.once('unexpected-response', (_request, response) => failed(new Error(`answered ${response.statusCode}`)));
      socket.once('error', failed);
    });
    return session;
  }

  get epoch(): number {
    return this.last('welcome')?.epoch ?? 0;
  }

  send(message: AgentMessage | Record<string, unknown>): void {
    this.socket.send(JSON.stringify(message));
  }

  last<T extends HubMessage['type']>(type: T): Extract<HubMessage, { type: T }> | undefined {
    return this.received.findLast((message): message is Extract<HubMessage, { type: T }> => message.type === type);
  }

  /** Waits for a message of this type that `accept` takes. */
  until<T extends HubMessage['type']>(
    type: T,
    accept: (message: Extract<HubMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<HubMessage, { type: T }>> {
    return eventually(() => {
      const last = this.last(type);
      if (!last || !accept(last)) throw new Error(`no such ${type}: ${JSON.stringify(last)}`);
      return last;
    });
  }

  async closed(timeoutMs = 10_000): Promise<number> {
    return eventually(
      () => {
        if (this.closeCode === undefined) throw new Error('still open');
        return this.closeCode;
      },
      { timeoutMs },
    );
  }

  hangUp(): void {
    this.socket.terminate();
  }
}
