import type { Cluster } from '@fairlead/shared/contracts';
import type { Clock } from '../../../platform/clock/clock.ts';
import { clusterNotFound } from '../domain/cluster.errors.ts';
import { connectionOf } from '../domain/connection.ts';
import type { ClusterPage, ClusterStore, StoredCluster } from './cluster.store.ts';

const defaultLimit = 100;

/** What people do with clusters once they are enrolled. */
export class ManageClusters {
  readonly #store: ClusterStore;
  readonly #clock: Clock;
  readonly #heartbeatIntervalMs: number;

  constructor(options: { store: ClusterStore; clock: Clock; heartbeatIntervalMs: number }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#heartbeatIntervalMs = options.heartbeatIntervalMs;
  }

  async list({
    limit = defaultLimit,
    cursor = null,
  }: {
    limit?: number;
    cursor?: string | null;
  }): Promise<ClusterPage> {
    const clusters = await this.#store.list({ afterName: cursor, limit: limit + 1 });
    const items = clusters.slice(0, limit).map((cluster) => this.#present(cluster));
    return { items, next: clusters.length > limit ? (items.at(-1)?.name ?? null) : null };
  }

  async get(name: string): Promise<Cluster> {
    return this.#present(await this.#store.find(name));
  }

  async setLabels(name: string, labels: Record<string, string | null>, by: string): Promise<Cluster> {
    return this.#present(await this.#store.setLabels({ name, labels, by }));
  }

  async revoke(name: string, reason: string, by: string): Promise<Cluster> {
    return this.#present(await this.#store.revoke({ name, reason, by, nowMs: this.#clock.nowMs() }));
  }

  #present(cluster: StoredCluster | null): Cluster {
    if (!cluster) throw clusterNotFound();
    const connection = connectionOf(cluster, {
      nowMs: this.#clock.nowMs(),
      heartbeatIntervalMs: this.#heartbeatIntervalMs,
    });
    const iso = (ms: number) => new Date(ms).toISOString();
    return {
      id: cluster.id,
      name: cluster.name,
      labels: cluster.labels,
      annotations: cluster.annotations,
      connection: connection.state,
      connectionSince: iso(connection.sinceMs),
      lastHeartbeatAt: cluster.session ? iso(cluster.session.lastHeartbeatAtMs) : null,
      kubernetesVersion: cluster.kubernetesVersion,
      agentVersion: cluster.agentVersion,
      createdAt: iso(cluster.createdAtMs),
    };
  }
}
