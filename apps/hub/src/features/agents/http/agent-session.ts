import type { WebSocket } from 'ws';
import { HubMessage, agentProtocol, type AgentReport, type HelloMessage } from '@fairlead/shared/contracts';
import type { Clock } from '../../../platform/clock/clock.ts';
import type { Logger } from '../../../platform/telemetry/logger.ts';
import type { AgentIdentity } from '../../clusters/application/agent-tokens.ts';
import type { AssignmentReader } from '../application/assignment.reader.ts';
import type { ReportStore } from '../application/report.store.ts';
import type { SessionStore } from '../application/session.store.ts';
import { closeCodes } from './close-codes.ts';
import { readAgentMessage } from './read-agent-message.ts';
import { ReportQueue } from './report-queue.ts';

export interface SessionPorts {
  sessions: SessionStore;
  reports: ReportStore;
  assignments: AssignmentReader;
  clock: Clock;
  logger: Logger;
  replica: string;
  heartbeatIntervalMs: number;
  sealingKeys: { keyId: string; key: string }[];
}

const helloPatienceMs = 10_000;
const outgoingLimitBytes = 32 * 1024 * 1024;

/** One agent's connection, from its hello to its end. */
export class AgentSession {
  readonly identity: AgentIdentity;
  seenAtMs: number;
  /** What the agent was last sent, as the reader's checksum. */
  pushedChecksum: string | null = null;
  readonly #socket: WebSocket;
  readonly #ports: SessionPorts;
  readonly #queue: ReportQueue;
  readonly #onOpen: (session: AgentSession) => void;
  readonly #hello: NodeJS.Timeout;
  #epoch: number | null = null;
  #turn: Promise<void> = Promise.resolve();
  #isPushing = false;
  #pushAgain = false;

  constructor(options: {
    socket: WebSocket;
    identity: AgentIdentity;
    ports: SessionPorts;
    onOpen: (session: AgentSession) => void;
    onClosed: (session: AgentSession) => void;
  }) {
    this.identity = options.identity;
    this.#socket = options.socket;
    this.#ports = options.ports;
    this.#onOpen = options.onOpen;
    this.seenAtMs = options.ports.clock.nowMs();
    this.#queue = new ReportQueue({
      store: (reports) => this.#store(reports),
      pause: () => this.#socket.pause(),
      resume: () => this.#socket.resume(),
      onError: (error) => this.#warn('reports of an agent could not be stored', { err: error }),
    });
    this.#hello = setTimeout(() => this.close(closeCodes.helloFirst, 'hello first'), helloPatienceMs);
    this.#socket.on('message', (frame, isBinary) => this.#hear(frame, isBinary));
    this.#socket.on('ping', () => this.#seen());
    this.#socket.on('pong', () => this.#seen());
    this.#socket.on('error', (error) => this.#warn('the connection of an agent broke', { err: error }));
    this.#socket.once('close', () => {
      clearTimeout(this.#hello);
      this.#queue.stop();
      options.onClosed(this);
    });
  }

  /** Null before the hello was accepted. */
  get epoch(): number | null {
    return this.#epoch;
  }

  /** While its reports wait for the database it cannot give signs of life, and needs none. */
  get isHeldBack(): boolean {
    return this.#queue.isFull;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Sends all assignments as they are now. Calls that come while it does so are answered by one more sending. */
  async pushAssignments(): Promise<void> {
    this.#pushAgain = true;
    if (this.#isPushing) return;
    this.#isPushing = true;
    try {
      while (this.#pushAgain) {
        this.#pushAgain = false;
        const { clusterId } = this.identity;
        // Read before the assignments: at worst they are newer than it says, and are sent once more.
        const checksum = (await this.#ports.assignments.checksums([clusterId])).get(clusterId) ?? '';
        this.#send({ type: 'assign', assignments: await this.#ports.assignments.assignmentsOf(clusterId) });
        this.pushedChecksum = checksum;
      }
    } catch (error) {
      this.#warn('assignments could not be sent', { err: error });
    } finally {
      this.#isPushing = false;
    }
  }

  #seen(): void {
    this.seenAtMs = this.#ports.clock.nowMs();
  }

  #hear(frame: WebSocket.RawData, isBinary: boolean): void {
    this.#seen();
    if (isBinary) return this.close(closeCodes.unsupportedFrame, 'text frames only');
    const read = readAgentMessage(textOf(frame));
    if (read.kind === 'unknown') return this.#send({ type: 'unsupported', receivedType: read.type });
    if (read.kind === 'broken')
      return this.#warn('an agent sent a message outside the contract', { problem: read.problem });
    const { message } = read;
    if (message.type === 'hello') {
      this.#turn = this.#turn
        .then(() => this.#open(message))
        .catch((error: unknown) => {
          this.#warn('a session could not be opened', { err: error });
          this.close(closeCodes.restart, 'try again');
        });
    } else if (message.type === 'unsupported') {
      this.#warn('an agent does not know a message of ours', { receivedType: message.receivedType });
    } else if (this.#epoch === null) {
      this.close(closeCodes.helloFirst, 'hello first');
    } else if (message.epoch === this.#epoch) {
      this.#queue.add(message);
    }
  }

  async #open(hello: HelloMessage): Promise<void> {
    if (hello.protocolVersion.major !== agentProtocol.major) {
      return this.close(closeCodes.outOfContract, 'another major version of the protocol');
    }
    const { sessions, clock, replica, heartbeatIntervalMs, sealingKeys } = this.#ports;
    const { clusterId, clusterName } = this.identity;
    const opened = await sessions.open({ clusterId, clusterName, replica, hello, nowMs: clock.nowMs() });
    if (!opened.ok) {
      this.#warn('a session was refused', { reason: opened.reason });
      const isRevoked = opened.reason === 'revoked';
      return this.close(isRevoked ? closeCodes.revoked : closeCodes.fingerprintMismatch, opened.reason);
    }
    clearTimeout(this.#hello);
    this.#epoch = opened.epoch;
    this.#ports.logger.info({ cluster: clusterName, epoch: opened.epoch }, 'an agent connected');
    this.#onOpen(this);
    this.#send({
      type: 'welcome',
      protocolVersion: { major: agentProtocol.major, minor: agentProtocol.minor },
      epoch: opened.epoch,
      serverTime: new Date(clock.nowMs()).toISOString(),
      heartbeatIntervalMs,
      sealingKeys,
    });
    await this.pushAssignments();
  }

  async #store(reports: AgentReport[]): Promise<void> {
    const epoch = this.#epoch;
    if (epoch === null) return;
    const { clusterId } = this.identity;
    const nowMs = this.#ports.clock.nowMs();
    const isNewest = await this.#ports.reports.store({ clusterId, epoch, reports, nowMs });
    if (!isNewest) return this.close(closeCodes.superseded, 'superseded');
    this.#send({ type: 'received', epoch, report: Math.max(...reports.map(({ report }) => report)) });
  }

  #send(message: HubMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    // An agent that doesn't read must not fill our memory; it comes back when it does.
    if (this.#socket.bufferedAmount > outgoingLimitBytes) return this.terminate();
    this.#socket.send(JSON.stringify(HubMessage.parse(message)));
  }

  #warn(text: string, fields: Record<string, unknown>): void {
    this.#ports.logger.warn({ cluster: this.identity.clusterName, ...fields }, text);
  }
}

function textOf(frame: WebSocket.RawData): string {
  if (Array.isArray(frame)) return Buffer.concat(frame).toString('utf8');
  return Buffer.from(frame as Buffer).toString('utf8');
}
