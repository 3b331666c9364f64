import { isMarkedFor } from '../../domain/marks.ts';
import type { ObjectMeta } from '../../kube/object-meta.ts';
import { isNewer } from '../state/object-record.ts';
import type { ObjectRecord } from '../state/object-record.ts';

/** Remembers how new the object was in the newest event. */
export function noteVersion(record: ObjectRecord, { resourceVersion }: ObjectMeta): void {
  if (isNewer(resourceVersion, record.look.newestVersion)) record.look.newestVersion = resourceVersion;
}

/** Whether somebody may have touched what we own, or set something besides. Status and our own writes never do. */
export function isTouched(record: ObjectRecord, meta: ObjectMeta, app: string, agentNamespace: string): boolean {
  const { look } = record;
  if (meta.foreignHash !== look.foreignHash) return true;
  if (look.seenHash !== null) return meta.stateHash !== look.seenHash;
  if (meta.uid !== record.uid || meta.ownedSetHash !== record.ownedSetHash) return true;
  return !isMarkedFor(app, record.id, meta, agentNamespace);
}

/** After a write: the object is as desired, unless others were faster than the answer; what they set besides is looked at. */
export function settle(record: ObjectRecord, answer: ObjectMeta): void {
  const { look } = record;
  look.seenHash = null;
  look.notBefore = 0;
  const isNews = look.foreignHash !== null && (answer.foreignHash !== look.foreignHash || hasUnmanaged(record));
  look.foreignHash ??= answer.foreignHash;
  record.suspect = look.hasVanished || isNewer(look.newestVersion, answer.resourceVersion) || isNews;
}

function hasUnmanaged({ drift }: ObjectRecord): boolean {
  return [...drift.values()].some(({ change }) => change === 'unmanaged');
}
