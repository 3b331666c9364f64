import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { agentProtocol } from '@fairlead/shared/contracts';
import type { ClusterId } from '@fairlead/shared/kernel';
import type { ReplicaPresence } from '../../../platform/database/replica-presence.ts';
import type { Signals } from '../../../platform/queue/queue.ts';
import type { AgentKeyStore } from '../../clusters/application/agent-key.store.ts';
import type { AgentIdentity, AgentTokens } from '../../clusters/application/agent-tokens.ts';
import { AgentSession, type SessionPorts } from './agent-session.ts';
import { closeCodes } from './close-codes.ts';
import { repeatEvery } from './repeat-every.ts';
import { SessionCare } from './session-care.ts';

const path = '/agent/v1/session';
const frameLimitBytes = 8 * 1024 * 1024;
const keyCheckMs = 2000;
const lostSessionsMs = 5000;
const assignmentPollMs = 10_000;
/** With more agents than this a stopping hub asks them to come back spread over a minute. */
const restartTogether = 50;
const goodbyeMs = 1000;

interface Options {
  tokens: AgentTokens;
  keys: AgentKeyStore;
  signals: Signals;
  presence: ReplicaPresence;
  ports: SessionPorts;
}

/** Live agent sessions of this process: `GET /agent/v1/session` upgraded to a WebSocket. */
export class AgentGateway {
  readonly #options: Options;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: frameLimitBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(agentProtocol.subprotocol) ? agentProtocol.subprotocol : false),
  });
  /** By cluster, once the hello was accepted. */
  readonly #sessions = new Map<ClusterId, AgentSession>();
  readonly #closing = new Set<Promise<void>>();
  readonly #care: SessionCare;
  #stops: (() => void)[] = [];
  #isStopping = false;

  constructor(options: Options) {
    this.#options = options;
    this.#care = new SessionCare({ ...options, live: () => [...this.#sessions.values()] });
  }

  async start(server: Server): Promise<void> {
    const { signals, ports } = this.#options;
    // Sessions of processes that no longer live must not look connected for a moment longer.
    await this.#care.closeLost();
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      void this.#upgrade(request, socket, head);
    server.on('upgrade', upgrade);
    const onError = (error: unknown) => ports.logger.warn({ err: error }, 'care for agent sessions failed');
    this.#stops = [
      () => server.off('upgrade', upgrade),
      signals.listen('assignments', (key) => void this.#sessions.get(Number(key) as ClusterId)?.pushAssignments()),
      signals.listen('cluster-revoked', () => void this.#care.cutRevoked().catch(onError)),
      repeatEvery(keyCheckMs, () => this.#care.cutRevoked(), onError),
      repeatEvery(Math.min(10_000, ports.heartbeatIntervalMs / 2), () => this.#care.noteHeartbeats(), onError),
      repeatEvery(lostSessionsMs, () => this.#care.closeLost(), onError),
      repeatEvery(assignmentPollMs, () => this.#care.pushMissed(), onError),
    ];
  }

  /** Says goodbye to every agent and notes in the database that they are gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const stop of this.#stops) stop();
    const sockets = [...this.#sockets.clients];
    const code = sockets.length > restartTogether ? closeCodes.tryAgainLater : closeCodes.restart;
    for (const socket of sockets) socket.close(code, 'try again');
    const impatience = setTimeout(() => sockets.forEach((socket) => socket.terminate()), goodbyeMs);
    await Promise.all(sockets.map(closed));
    clearTimeout(impatience);
    await Promise.all(this.#closing);
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const onError = () => socket.destroy();
    socket.on('error', onError);
    const { pathname } = new URL(request.url ?? '/', 'http://hub');
    if (pathname !== path) return refuse(socket, '404 Not Found');
    if (this.#isStopping) return refuse(socket, '503 Service Unavailable');
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes(agentProtocol.subprotocol)) return refuse(socket, '400 Bad Request');
    let identity: AgentIdentity;
    try {
      identity = await this.#options.tokens.authenticate(request.headers.authorization);
    } catch (error) {
      const isRefusal = error instanceof Error && 'kind' in error && error.kind === 'unauthenticated';
      return refuse(socket, isRefusal ? '401 Unauthorized' : '503 Service Unavailable');
    }
    socket.off('error', onError);
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, identity));
  }

  #accept(socket: WebSocket, identity: AgentIdentity): void {
    new AgentSession({
      socket,
      identity,
      ports: this.#options.ports,
      onOpen: (session) => {
        const earlier = this.#sessions.get(identity.clusterId);
        this.#sessions.set(identity.clusterId, session);
        if (earlier && earlier !== session) earlier.close(closeCodes.superseded, 'superseded');
      },
      onClosed: (session) => this.#forget(session),
    });
  }

  #forget(session: AgentSession): void {
    const { identity, epoch } = session;
    if (epoch === null) return;
    if (this.#sessions.get(identity.clusterId) === session) this.#sessions.delete(identity.clusterId);
    const { sessions, clock, logger } = this.#options.ports;
    logger.info({ cluster: identity.clusterName, epoch }, 'an agent disconnected');
    const closing = sessions
      .close({ clusterId: identity.clusterId, epoch }, clock.nowMs())
      .catch((error: unknown) => logger.warn({ err: error }, 'the end of a session could not be noted'))
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function closed(socket: WebSocket): Promise<void> {
  return new Promise((done) => (socket.readyState === socket.CLOSED ? done() : socket.once('close', () => done())));
}
