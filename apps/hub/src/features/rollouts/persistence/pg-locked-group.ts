import sql from 'sql-template-tag';
import { sha256Hex } from '@fairlead/manifests';
import type { Group, Rollout as ShownRollout } from '@fairlead/shared/contracts';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import type { Tx } from '../../../platform/database/pool.ts';
import { groupNotFound, keyReused, rolloutNotFound } from '../application/rollout.errors.ts';
import type {
  Answer,
  LockedGroup,
  NewHold,
  NewRollout,
  PruneConfirmation,
  QuarantineFilter,
  RepeatableRequest,
  StoredRelease,
  StoredRollout,
} from '../application/rollout.store.ts';
import type { Effect } from '../domain/rollout.effects.ts';
import type { Rollout } from '../domain/rollout.types.ts';
import { readGroupView, readRelease } from './read-group.ts';
import { readCoverage, readPlanEntries, readSnapshots } from './read-plan.ts';
import { openStates, readRollout } from './read-rollout.ts';
import { readConnections, readWorld } from './read-world.ts';
import { readShownGroups } from './show-group.ts';
import { readShownRollouts } from './show-rollout.ts';
import { insertRollout, writeDecision, writeHold } from './write-rollout.ts';

/** The port over one transaction that holds the group's lock. */
export class PgLockedGroup implements LockedGroup {
  readonly id: number;
  readonly name: string;
  readonly #tx: Tx;

  constructor(tx: Tx, group: { id: number; name: string }) {
    this.#tx = tx;
    this.id = group.id;
    this.name = group.name;
  }

  view(liveSince: number) {
    return readGroupView(this.#tx, this.id, liveSince);
  }

  findRelease(by: { id: number } | { number: number } | 'newest'): Promise<StoredRelease | null> {
    return readRelease(this.#tx, this.id, by);
  }

  findCurrent(): Promise<StoredRollout | null> {
    return readRollout(this.#tx, { openInGroup: this.id });
  }

  async getRollout(id: number): Promise<StoredRollout> {
    const stored = await readRollout(this.#tx, { id });
    if (stored?.rollout.groupId !== this.id) throw rolloutNotFound(id);
    return stored;
  }

  async findBaseRelease(): Promise<number | null> {
    const { rows } = await this.#tx.query<{ release_id: number }>(sql`
      select release_id from rollouts where group_id = ${this.id} and state = 'succeeded' order by id desc limit 1`);
    return rows[0]?.release_id ?? null;
  }

  observe(rollout: Rollout, liveSince: number) {
    return readWorld(this.#tx, rollout, liveSince);
  }

  async listClusters(liveSince: number) {
    const connections = await readConnections(this.#tx, liveSince);
    return connections.filter((cluster) => !cluster.removed).map((cluster) => ({ ...cluster, offline: !cluster.live }));
  }

  listPlanEntries(releaseId: number) {
    return readPlanEntries(this.#tx, releaseId);
  }

  readSnapshots(digests: readonly string[]) {
    return readSnapshots(this.#tx, digests);
  }

  countCoverage(releaseId: number) {
    return readCoverage(this.#tx, this.id, releaseId);
  }

  open(rollout: NewRollout, now: number): Promise<number> {
    return insertRollout(this.#tx, rollout, now);
  }

  async save(change: { before: StoredRollout; next: Rollout; effects: readonly Effect[]; now: number }): Promise<void> {
    const release = await readRelease(this.#tx, this.id, { id: change.next.releaseId });
    await writeDecision(this.#tx, { ...change, releaseDigest: release?.digest ?? '' });
  }

  async setBlocked(blocked: string | null): Promise<void> {
    const { rowCount } = await this.#tx.query(sql`
      update app_groups set blocked = ${blocked} where id = ${this.id} and blocked is distinct from ${blocked}`);
    if (rowCount === 0 || blocked === null) return;
    await appendLedger(this.#tx, {
      actor: 'hub',
      action: 'release.blocked',
      subject: `group:${this.name}`,
      outcome: 'refused',
      reason: blocked,
    });
  }

  async confirmPrunes(rolloutId: number, prunes: readonly PruneConfirmation[], by: string): Promise<void> {
    await this.#tx.query(sql`
      insert into confirmed_prunes (rollout_id, app_id, cluster_id, prune_hash, confirmed_by)
      select ${rolloutId}::bigint, w.app_id, w.cluster_id, w.hash, ${by}
      from unnest(${prunes.map(({ appId }) => appId)}::bigint[], ${prunes.map(({ clusterId }) => clusterId)}::bigint[],
        ${prunes.map(({ hash }) => hash)}::text[]) as w (app_id, cluster_id, hash)
      on conflict (rollout_id, app_id, cluster_id) do update
        set prune_hash = excluded.prune_hash, confirmed_by = excluded.confirmed_by, confirmed_at = now()`);
    await appendLedger(this.#tx, {
      actor: by,
      action: 'rollout.confirm-prune',
      subject: `rollout:${rolloutId}`,
      outcome: 'done',
      details: { prunes },
    });
  }

  setHold(hold: NewHold): Promise<void> {
    return writeHold(this.#tx, { groupId: this.id, group: this.name, id: null }, hold);
  }

  async endHold(by: string, reason: string): Promise<boolean> {
    const { rowCount } = await this.#tx.query(sql`delete from holds where group_id = ${this.id}`);
    if (rowCount === 0) return false;
    await appendLedger(this.#tx, {
      actor: by,
      action: 'group.release-hold',
      subject: `group:${this.name}`,
      outcome: 'done',
      reason,
    });
    return true;
  }

  async unquarantine(of: QuarantineFilter, by: string, reason: string): Promise<number> {
    const { rows } = await this.#tx.query<{ app: string; cluster: string; digest: string }>(sql`
      update quarantines q set released_at = now(), released_by = ${by}, release_reason = ${reason}
      from apps a, clusters c
      where q.group_id = ${this.id} and q.released_at is null and a.id = q.app_id and c.id = q.cluster_id
        and a.name = coalesce(${of.app ?? null}, a.name) and c.name = coalesce(${of.cluster ?? null}, c.name)
        and (${of.releaseId ?? null}::bigint is null
          or q.release_digest = (select digest from releases where id = ${of.releaseId ?? null})
          or exists (select from release_targets rt where rt.release_id = ${of.releaseId ?? null}
            and rt.app_id = q.app_id and rt.cluster_id = q.cluster_id and rt.snapshot_digest = q.digest))
      returning a.name as app, c.name as cluster, q.digest`);
    if (rows.length === 0) return 0;
    await appendLedger(this.#tx, {
      actor: by,
      action: 'quarantine.release',
      subject: `group:${this.name}`,
      outcome: 'done',
      reason,
      details: { targets: rows.slice(0, 100), count: rows.length },
    });
    return rows.length;
  }

  async findEarlierRelease(): Promise<StoredRelease | null> {
    const { rows } = await this.#tx.query<{ release_id: number }>(sql`
      select r.release_id from rollouts r
      where r.group_id = ${this.id} and r.state = 'succeeded' and r.release_id < (
        select max(n.release_id) from assignments n join apps a on a.id = n.app_id where a.group_id = ${this.id})
      order by r.id desc limit 1`);
    const [row] = rows;
    return row ? readRelease(this.#tx, this.id, { id: row.release_id }) : null;
  }

  async showRollout(id: number): Promise<ShownRollout> {
    const [rollout] = await readShownRollouts(this.#tx, { where: [sql`r.id = ${id}`], limit: 1 });
    if (!rollout) throw rolloutNotFound(id);
    return rollout;
  }

  async showGroup(): Promise<Group> {
    const [group] = await readShownGroups(this.#tx, { where: sql`g.id = ${this.id}`, limit: 1 });
    if (!group) throw groupNotFound(this.name);
    return group;
  }

  async recall({ principalId, key, route, body }: RepeatableRequest): Promise<Answer | null> {
    const { rows } = await this.#tx.query<{ route: string; request_hash: string; response: Answer | null }>(sql`
      select route, request_hash, response from idempotency_keys where principal_id = ${principalId} and key = ${key}`);
    const [row] = rows;
    if (row && (row.route !== route || row.request_hash !== hashOf(body))) throw keyReused();
    return row?.response ?? null;
  }

  async remember({ principalId, key, route, body }: RepeatableRequest, answer: Answer): Promise<void> {
    const { rowCount } = await this.#tx.query(sql`
      insert into idempotency_keys (principal_id, key, route, request_hash, status, response)
      values (${principalId}, ${key}, ${route}, ${hashOf(body)}, 200, ${JSON.stringify(answer)})
      on conflict (principal_id, key) do nothing`);
    // The same key is on its way for another group.
    if (rowCount === 0) throw keyReused();
  }

  async findNextCheck(): Promise<number | null> {
    const { rows } = await this.#tx.query<{ next_check_at: Date | null }>(sql`
      select next_check_at from rollouts where group_id = ${this.id} and state = any(${openStates})
      order by id desc limit 1`);
    return rows[0]?.next_check_at?.getTime() ?? null;
  }
}

function hashOf(body: unknown): string {
  return sha256Hex(JSON.stringify(body ?? null));
}
