import { defaultTargetSettings } from '@fairlead/shared/contracts';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { signal } from '../src/platform/database/outbox.ts';
import { inTransaction, type Pool } from '../src/platform/database/pool.ts';

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const settings = {
  ...defaultTargetSettings,
  namespace: null,
  createNamespace: false,
  driftMode: 'correct',
  prune: { ...defaultTargetSettings.prune, confirm: [] },
};

/** Stores a snapshot of these objects (canonical JSON) and gives its digest. */
export async function storeSnapshot(pool: Pool, name: string, objects: string[]): Promise<string> {
  const digest = digestOf(name);
  await pool.query(`insert into snapshots (digest, object_count) values ($1, $2)`, [digest, objects.length]);
  for (const [ordinal, json] of objects.entries()) {
    const blob = digestOf(json);
    await pool.query(`insert into blobs (digest, content) values ($1, $2) on conflict do nothing`, [
      blob,
      gzipSync(json),
    ]);
    await pool.query(
      `insert into snapshot_objects (snapshot_digest, ordinal, object_id, blob_digest) values ($1, $2, $3, $4)`,
      [digest, ordinal, `/ConfigMap/default/c${ordinal}`, blob],
    );
  }
  return digest;
}

/** An app of a group of its own with one release, not assigned anywhere. */
export async function storeApp(
  pool: Pool,
  name: string,
): Promise<{ appId: number; groupId: number; releaseId: number }> {
  const one = async (text: string, values: unknown[]): Promise<number> => {
    const { rows } = await pool.query<{ id: number }>(text, values);
    if (!rows[0]) throw new Error('nothing was stored');
    return rows[0].id;
  };
  const sourceId = await one(
    `insert into sources (name, url, ref, poll_interval_seconds) values ($1, 'x', 'main', 86400) returning id`,
    [name],
  );
  const groupId = await one(`insert into app_groups (name, source_id) values ($1, $2) returning id`, [name, sourceId]);
  const appId = await one(
    `insert into apps (name, source_id, group_id, directory, state) values ($1, $2, $3, '.', 'ok') returning id`,
    [name, sourceId, groupId],
  );
  const releaseId = await one(
    `insert into releases (group_id, number, source_id, commit, digest, subject, author, state, strategy, app_order)
     values ($1, 1, $2, 'c0ffee', 'd', 's', 'a', 'waiting', '{}', '[]') returning id`,
    [groupId, sourceId],
  );
  return { appId, groupId, releaseId };
}

/** Assigns a snapshot as a rollout does: state and signal in one transaction. */
export async function assign(
  pool: Pool,
  target: { appId: number; releaseId: number; clusterName: string; digest: string; counter: number },
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ cluster_id: number }>(
      `insert into assignments (app_id, cluster_id, digest, release_id, counter, settings)
       select $1, id, $3, $4, $5, $6 from clusters where name = $2
       on conflict (app_id, cluster_id) do update set digest = excluded.digest, counter = excluded.counter
       returning cluster_id`,
      [target.appId, target.clusterName, target.digest, target.releaseId, target.counter, JSON.stringify(settings)],
    );
    if (rows[0]) await signal(tx, 'assignments', rows[0].cluster_id);
  });
}
