import sql from 'sql-template-tag';
import { remind } from '../../../platform/database/outbox.ts';
import type { Tx } from '../../../platform/database/pool.ts';
import type { RecordClusterVersions } from '../application/cluster-facts.ts';

/** What rendering reads of clusters has changed: every source has its newest commit read again. */
export async function rereadAllSources(tx: Tx): Promise<void> {
  const { rows } = await tx.query<{ id: number }>(sql`select id from sources`);
  for (const { id } of rows) await remind(tx, 'read-commit', id);
}

export const recordClusterVersions: RecordClusterVersions = async (tx, versions) => {
  const { clusterId, agentVersion, kubernetesVersion } = versions;
  const changed = await tx.query(sql`
    update clusters set kubernetes_version = ${kubernetesVersion}, facts_version = facts_version + 1
    where id = ${clusterId} and kubernetes_version is distinct from ${kubernetesVersion}`);
  if (changed.rowCount) await rereadAllSources(tx);
  await tx.query(sql`
    update clusters set agent_version = ${agentVersion}
    where id = ${clusterId} and agent_version is distinct from ${agentVersion}`);
};
