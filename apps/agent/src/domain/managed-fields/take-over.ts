import type { ManagerMatch } from '@fairlead/shared/contracts';
import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import { managedEntries } from './managed-entry.ts';
import type { ManagedEntry } from './managed-entry.ts';
import { mergeFields, withoutFields } from './field-set.ts';

/** One step of an RFC 6902 patch. */
export type PatchStep =
  | { readonly op: 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/** Whose fields become ours when we take an object over. */
export interface TakeOverRule {
  readonly ourManager: string;
  /** By the app's own wish, whichever way these managers write. */
  readonly wanted: readonly ManagerMatch[];
  /** Also those of a client-side apply by hand: without that, what Git no longer has would stay for ever. */
  readonly clientSide: boolean;
}

// What `kubectl apply` calls itself, what older ones did, and what the server calls whoever wrote before the first apply.
const clientSideManagers = new Set(['kubectl-client-side-apply', 'kubectl', 'before-first-apply']);
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Whether an entry of managed fields passes to us. */
export function isTaken(
  entry: Pick<ManagedEntry, 'manager' | 'operation' | 'subresource'>,
  rule: TakeOverRule,
): boolean {
  if (entry.subresource !== '' || entry.manager === rule.ourManager) return false;
  if (rule.clientSide && entry.operation === 'Update' && clientSideManagers.has(entry.manager)) return true;
  return isWanted(entry.manager, rule.wanted);
}

/** Whether an app wants the fields of a manager of this name. */
export function isWanted(manager: string, wanted: readonly ManagerMatch[]): boolean {
  return wanted.some(({ name, match }) => (match === 'exact' ? manager === name : manager.startsWith(name)));
}

/**
 * The patch that makes the fields of others ours, so that the apply after it removes what Git does not have. It names the
 * version it was made for: a change in between is a conflict and not lost. Null when there is nothing to take.
 */
export function takeOverPatch(live: JsonObject, rule: TakeOverRule): PatchStep[] | null {
  const raw = fieldAt(live, ['metadata', 'managedFields']);
  const entries = (Array.isArray(raw) ? raw : []).filter(isJsonObject);
  const read = managedEntries(live);
  const taken = read.filter((entry) => isTaken(entry, rule));
  const [first] = taken;
  if (first === undefined) return null;

  const mine = read.find(
    (entry) => entry.manager === rule.ourManager && entry.operation === 'Apply' && entry.subresource === '',
  );
  const apiVersion = mine?.apiVersion ?? first.apiVersion;
  // Sets of another version name other fields; what only they had stays as nobody's.
  const fields = taken
    .filter((entry) => entry.apiVersion === apiVersion)
    .reduce((sum, entry) => mergeFields(sum, entry.fields), mine?.fields ?? {});
  const ours: JsonObject = {
    ...entries[read.indexOf(mine ?? first)],
    manager: rule.ourManager,
    operation: 'Apply',
    apiVersion,
    fieldsV1: withoutFields(fields, ['f:metadata', 'f:annotations', `f:${lastApplied}`]),
  };
  const others = entries.filter(
    (_entry, index) => !taken.includes(read[index] as ManagedEntry) && read[index] !== mine,
  );
  return [...patchOf(live, [ours, ...others]), ...dropLastApplied(live)];
}

/**
 * The patch that makes every entry of another version of the kind one of `apiVersion`: a server that cannot convert the
 * fields of an old version refuses each apply. Null when there is none.
 */
export function migrateVersionPatch(live: JsonObject, apiVersion: string): PatchStep[] | null {
  const raw = fieldAt(live, ['metadata', 'managedFields']);
  const entries = (Array.isArray(raw) ? raw : []).filter(isJsonObject);
  const isOld = (entry: JsonObject) => fieldOf(entry, 'apiVersion') !== apiVersion;
  if (!entries.some(isOld)) return null;
  return patchOf(
    live,
    entries.map((entry) => (isOld(entry) ? { ...entry, apiVersion } : entry)),
  );
}

function patchOf(live: JsonObject, managedFields: JsonObject[]): PatchStep[] {
  const version = fieldAt(live, ['metadata', 'resourceVersion']) ?? '';
  return [
    { op: 'replace', path: '/metadata/managedFields', value: managedFields },
    { op: 'replace', path: '/metadata/resourceVersion', value: version },
  ];
}

function dropLastApplied(live: JsonObject): PatchStep[] {
  if (fieldAt(live, ['metadata', 'annotations', lastApplied]) === undefined) return [];
  return [{ op: 'remove', path: `/metadata/annotations/${lastApplied.replaceAll('/', '~1')}` }];
}
