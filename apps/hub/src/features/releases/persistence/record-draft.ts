import sql from 'sql-template-tag';
import { CodedError, type ReleaseId } from '@fairlead/shared/kernel';
import { appendLedger } from '../../../platform/database/ledger-rows.ts';
import { remind } from '../../../platform/database/outbox.ts';
import type { Tx } from '../../../platform/database/pool.ts';
import type { GroupToRead, SourceToRead, StoredRelease } from '../application/reading.store.ts';
import { releaseDigest, type Comparison, type ReleaseDraft } from '../domain/release-draft.ts';
import { extensionEntry, insertTargets, saveAppErrors } from './release-rows.ts';

export interface DraftRecord {
  source: SourceToRead;
  group: GroupToRead;
  draft: ReleaseDraft;
  newest: StoredRelease | null;
  comparison: Comparison;
}

/** Records a draft as its comparison says, with the errors of its apps, in one transaction. */
export async function recordDraft(tx: Tx, record: DraftRecord): Promise<void> {
  const { group, draft, newest, comparison } = record;
  const rendered = group.apps.filter(({ definition }) => definition !== null);
  await saveAppErrors(
    tx,
    rendered.map(({ id, name }) => ({ id, errors: draft.errors.filter((error) => error.app === name) })),
    draft.commit,
  );
  if (comparison.outcome === 'extend' && newest !== null) {
    await insertTargets(tx, newest.id, comparison.added);
    await appendLedger(tx, extensionEntry(newest.id, comparison.added));
    await remind(tx, 'advance-group', group.id);
  }
  if (comparison.outcome === 'new') await insertRelease(tx, record);
}

async function insertRelease(tx: Tx, { source, group, draft, newest }: DraftRecord): Promise<void> {
  const number = (newest?.number ?? 0) + 1;
  // The condition makes a second reader of the same source, which there should not be, lose instead of doubling numbers.
  const { rowCount } = await tx.query(sql`
    update app_groups set last_release_number = ${number}
    where id = ${group.id} and last_release_number = ${number - 1}`);
  if (!rowCount) {
    throw new CodedError(
      { code: 'release.conflict', kind: 'unavailable' },
      'Another reading recorded a release of the group meanwhile.',
      { group: group.name },
    );
  }
  const { rows } = await tx.query<{ id: ReleaseId }>(sql`
    insert into releases (group_id, number, source_id, commit, digest, subject, author, state, errors, strategy, app_order)
    values (${group.id}, ${number}, ${source.id}, ${draft.commit}, ${releaseDigest(draft.targets)}, ${source.head.subject},
      ${source.head.author}, ${draft.state}, ${JSON.stringify(draft.errors)}, ${JSON.stringify(draft.strategy)},
      ${JSON.stringify(draft.appOrder)})
    returning id`);
  const [release] = rows;
  if (!release) throw new Error('the release was not inserted');
  await insertTargets(tx, release.id, draft.targets);
  await appendLedger(tx, {
    actor: 'hub',
    action: 'release.create',
    subject: `release:${release.id}`,
    outcome: draft.state === 'ready' ? 'done' : 'refused',
    reason: draft.errors[0]?.message ?? null,
    details: {
      group: group.name,
      number,
      commit: draft.commit,
      state: draft.state,
      targets: draft.targets.length,
      errors: draft.errors.length,
    },
  });
  await remind(tx, 'advance-group', group.id);
}
