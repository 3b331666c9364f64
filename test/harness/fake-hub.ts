import { createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gcmsiv } from '@noble/ciphers/aes.js';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  AgentMessage,
  AgentTokenRequest,
  agentProtocol,
  defaultTargetSettings,
  EnrollRequest,
  SnapshotRequest,
  type AckMessage,
  type Assignment,
  type DriftMessage,
  type EnrollResponse,
  type StatusMessage,
  type TargetSettings,
} from '@fairlead/shared/contracts';
import {
  canonicalJson,
  compareForApply,
  formatObjectId,
  formatSealed,
  objectId,
  sha256Hex,
  snapshotDigest,
  type KubeObject,
} from '@fairlead/manifests';

interface StoredSnapshot {
  readonly objects: readonly { id: string; digest: string; json: string }[];
}

/** A hub that decides nothing: a test gives it snapshots and assignments, and reads what the agent says. */
export class FakeHub {
  readonly url: string;
  readonly joinToken = 'flj_test-join-token';
  readonly sealingKey = { keyId: 'k1', key: randomBytes(32).toString('base64') };
  /** Everything the agent said, in order. */
  readonly messages: AgentMessage[] = [];
  /** Snapshot requests, as asked. */
  readonly snapshotRequests: { digest: string; base: string | null }[] = [];
  sessions = 0;
  /** While false, reports are not confirmed. */
  confirms = true;
  /** While true, every request and session is refused as if the key were revoked. */
  revoked = false;
  readonly #server: http.Server;
  readonly #sockets = new Set<WebSocket>();
  readonly #snapshots = new Map<string, StoredSnapshot>();
  #assignments = new Map<string, Assignment>();
  #epoch = 0;
  #publicKey: EnrollRequest['publicKey'] | null = null;

  private constructor(server: http.Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async start(): Promise<FakeHub> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const hub = new FakeHub(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    hub.#serve();
    return hub;
  }

  /** Stores a snapshot of these objects, as the hub would have rendered them, and gives its digest. */
  snapshot(objects: readonly KubeObject[]): string {
    const entries = [...objects]
      .sort((left, right) => compareForApply(objectId(left), objectId(right)))
      .map((object) => {
        const json = canonicalJson(object);
        return { id: formatObjectId(objectId(object)), digest: sha256Hex(json), json };
      });
    const digest = snapshotDigest(entries);
    this.#snapshots.set(digest, { objects: entries });
    return digest;
  }

  /** A Secret value as the hub's renderer seals it. */
  seal(value: string): string {
    const key = Buffer.from(this.sealingKey.key, 'base64');
    const plaintext = Buffer.from(value);
    const digest = createHmac('sha256', key).update('fairlead-nonce-v1').update(Uint8Array.of(0)).update(plaintext);
    const nonce = digest.digest().subarray(0, 12);
    const sealed = gcmsiv(key, nonce, new TextEncoder().encode('fairlead/secret/v1')).encrypt(plaintext);
    const ciphertext = Buffer.concat([nonce, sealed]).toString('base64');
    return formatSealed({ keyId: this.sealingKey.keyId, ciphertext });
  }

  /** Assigns objects to an app; the counter grows by itself. Gives the assignment. */
  assign(app: string, objects: readonly KubeObject[], overrides: AssignOverrides = {}): Assignment {
    const digest = this.snapshot(objects);
    const counter = overrides.counter ?? (this.#assignments.get(app)?.counter ?? 0) + 1;
    const assignment: Assignment = {
      app,
      counter,
      digest,
      release: { id: counter, group: app, number: counter, commit: 'c0ffee' },
      mode: overrides.mode ?? 'reconcile',
      deletion: overrides.deletion ?? null,
      settings: { ...defaultSettings, ...overrides.settings },
      confirmedPrune: overrides.confirmedPrune ?? null,
      traceparent: null,
    };
    this.#assignments.set(app, assignment);
    this.#broadcastAssignments();
    return assignment;
  }

  /** Sends an assignment as it is, whatever the counter. */
  sendRaw(message: unknown): void {
    for (const socket of this.#sockets) socket.send(JSON.stringify(message));
  }

  acks(app: string): AckMessage[] {
    return this.messages.filter((message) => message.type === 'ack').filter((message) => message.app === app);
  }

  statuses(app: string): StatusMessage[] {
    return this.messages.filter((message) => message.type === 'status').filter((message) => message.app === app);
  }

  drift(app: string): DriftMessage[] {
    return this.messages.filter((message) => message.type === 'drift').filter((message) => message.app === app);
  }

  /** The newest status of the assignment's counter; throws when there is none yet or it does not satisfy. */
  expectStatus(assignment: Assignment, accept: (status: StatusMessage) => boolean): StatusMessage {
    const status = this.statuses(assignment.app).findLast((message) => message.counter === assignment.counter);
    if (status === undefined) throw new Error(`no status of ${assignment.app} #${assignment.counter}`);
    if (!accept(status)) throw new Error(`status is ${JSON.stringify(status)}`);
    return status;
  }

  expectHealthy(assignment: Assignment): StatusMessage {
    return this.expectStatus(assignment, (status) => status.health === 'healthy' && status.applied);
  }

  /** Cuts all sessions; the agent comes back. */
  dropSessions(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Is away: nothing listens any more until `comeBack`. */
  async goAway(): Promise<void> {
    this.dropSessions();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async comeBack(): Promise<void> {
    const { port } = new URL(this.url);
    await new Promise<void>((resolve) => this.#server.listen(Number(port), '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.goAway();
  }

  #serve(): void {
    this.#server.on('request', (request, response) => {
      void this.#answer(request, response);
    });
    const sockets = new WebSocketServer({ noServer: true });
    this.#server.on('upgrade', (request, stream, head) => {
      if (this.revoked || request.headers.authorization !== 'Bearer access') {
        stream.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, stream, head, (socket) => this.#session(socket));
    });
  }

  #session(socket: WebSocket): void {
    this.#sockets.add(socket);
    this.#epoch += 1;
    this.sessions += 1;
    const epoch = this.#epoch;
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('message', (frame: Buffer) => {
      const message = AgentMessage.parse(JSON.parse(frame.toString('utf8')));
      this.messages.push(message);
      if (message.type === 'hello') {
        const { major, minor } = agentProtocol;
        const welcome = {
          type: 'welcome',
          protocolVersion: { major, minor },
          epoch,
          serverTime: new Date().toISOString(),
        };
        // A test process that compiles is silent for seconds: that must not look like a hub that is gone.
        socket.send(JSON.stringify({ ...welcome, heartbeatIntervalMs: 5000, sealingKeys: [this.sealingKey] }));
        socket.send(JSON.stringify({ type: 'assign', assignments: [...this.#assignments.values()] }));
      } else if ('report' in message && this.confirms) {
        socket.send(JSON.stringify({ type: 'received', epoch, report: message.report }));
      }
    });
  }

  #broadcastAssignments(): void {
    this.sendRaw({ type: 'assign', assignments: [...this.#assignments.values()] });
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const [status, body] = this.#route(request, JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #route(request: http.IncomingMessage, body: unknown): [number, unknown] {
    const path = request.url ?? '';
    if (path === '/agent/v1/enroll') return this.#enroll(EnrollRequest.parse(body));
    if (path === '/agent/v1/token') return this.#token(AgentTokenRequest.parse(body));
    if (this.revoked || request.headers.authorization !== 'Bearer access')
      return [401, { code: 'agent.unauthenticated' }];
    const digest = /^\/agent\/v1\/snapshots\/([0-9a-f]{64})$/.exec(path)?.[1];
    const snapshot = digest === undefined ? undefined : this.#snapshots.get(digest);
    if (digest === undefined || snapshot === undefined) return [404, { code: 'snapshot.not-found' }];
    const { base } = SnapshotRequest.parse(body);
    this.snapshotRequests.push({ digest, base });
    const known = new Set(base === null ? [] : this.#snapshots.get(base)?.objects.map((object) => object.digest));
    const blobs = new Map(
      snapshot.objects.filter((object) => !known.has(object.digest)).map((object) => [object.digest, object.json]),
    );
    return [
      200,
      {
        digest,
        objects: snapshot.objects.map(({ id, digest: objectDigest }) => ({ id, digest: objectDigest })),
        blobs: [...blobs].map(([blobDigest, json]) => ({ digest: blobDigest, json })),
      },
    ];
  }

  #enroll(request: EnrollRequest): [number, unknown] {
    if (request.token !== this.joinToken) return [401, { code: 'join-token.refused' }];
    this.#publicKey = request.publicKey;
    const answer: EnrollResponse = {
      clusterId: 1,
      clusterName: request.clusterName,
      keyId: 'key-1',
      audience: this.url,
    };
    return [201, answer];
  }

  #token(request: AgentTokenRequest): [number, unknown] {
    const [header = '', claims = '', signature = ''] = request.client_assertion.split('.');
    const key = this.#publicKey === null ? null : createPublicKey({ key: { ...this.#publicKey }, format: 'jwk' });
    const isGood =
      key !== null && verify(null, Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'));
    if (!isGood || this.revoked) return [401, { code: 'agent.unauthenticated' }];
    return [200, { access_token: 'access', token_type: 'Bearer', expires_in: 600 }];
  }
}

export interface AssignOverrides {
  readonly counter?: number;
  readonly mode?: Assignment['mode'];
  readonly deletion?: Assignment['deletion'];
  readonly confirmedPrune?: string;
  readonly settings?: Partial<TargetSettings>;
}

const defaultSettings: TargetSettings = { ...defaultTargetSettings, namespace: 'default' };
