import type { ReplicaPresence } from '../../../platform/database/replica-presence.ts';
import type { AgentKeyStore } from '../../clusters/application/agent-key.store.ts';
import type { AgentSession, SessionPorts } from './agent-session.ts';
import { closeCodes } from './close-codes.ts';

/** Signs of life that may be missed before a session counts as lost. */
const missedHeartbeats = 3;

interface Options {
  keys: AgentKeyStore;
  presence: ReplicaPresence;
  ports: SessionPorts;
  live: () => AgentSession[];
}

/** What has to be looked after while sessions live. Each part may be run at any time and as often as one likes. */
export class SessionCare {
  readonly #options: Options;
  readonly #notedAtMs = new WeakMap<AgentSession, number>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** Ends sessions of processes that are gone, and silent ones nobody looks after. */
  async closeLost(): Promise<void> {
    const { presence, ports } = this.#options;
    const nowMs = ports.clock.nowMs();
    const livingReplicas = await presence.living(await ports.sessions.replicasWithSessions());
    const silentSinceMs = nowMs - (missedHeartbeats + 1) * ports.heartbeatIntervalMs;
    const lost = await ports.sessions.closeLost({ livingReplicas, silentSinceMs, nowMs });
    if (lost > 0) ports.logger.info({ sessions: lost }, 'sessions of agents were lost');
  }

  /** Cuts agents whose key or cluster has been revoked. */
  async cutRevoked(): Promise<void> {
    const sessions = this.#options.live();
    if (sessions.length === 0) return;
    const active = await this.#options.keys.activeAmong(sessions.map(({ identity }) => identity.keyId));
    for (const session of sessions) {
      if (!active.has(session.identity.keyId)) session.close(closeCodes.revoked, 'revoked');
    }
  }

  /** Writes signs of life down, ends what is silent, and what a newer session elsewhere has replaced. */
  async noteHeartbeats(): Promise<void> {
    const { ports, live } = this.#options;
    const nowMs = ports.clock.nowMs();
    const fresh = new Map<string, AgentSession>();
    const noted = live().flatMap((session) => {
      const { identity, epoch } = session;
      if (session.isHeldBack) session.seenAtMs = nowMs;
      if (nowMs - session.seenAtMs > missedHeartbeats * ports.heartbeatIntervalMs) session.terminate();
      if (epoch === null || this.#notedAtMs.get(session) === session.seenAtMs) return [];
      this.#notedAtMs.set(session, session.seenAtMs);
      fresh.set(`${identity.clusterId}/${epoch}`, session);
      return [{ clusterId: identity.clusterId, epoch, seenAtMs: session.seenAtMs }];
    });
    for (const { clusterId, epoch } of await ports.sessions.heartbeat(noted)) {
      fresh.get(`${clusterId}/${epoch}`)?.close(closeCodes.superseded, 'superseded');
    }
  }

  /** Sends assignments whose signal was lost. */
  async pushMissed(): Promise<void> {
    const sessions = this.#options.live();
    if (sessions.length === 0) return;
    const { assignments } = this.#options.ports;
    const checksums = await assignments.checksums(sessions.map(({ identity }) => identity.clusterId));
    for (const session of sessions) {
      if ((checksums.get(session.identity.clusterId) ?? '') !== session.pushedChecksum) await session.pushAssignments();
    }
  }
}
