import type { KubeObject } from '@fairlead/manifests';
import { withMarksOf } from '../marks.ts';
import { holdsField } from '../managed-fields/field-set.ts';
import { managedEntries } from '../managed-fields/managed-entry.ts';
import type { ManagedEntry } from '../managed-fields/managed-entry.ts';
import { managedPaths } from '../managed-fields/managed-paths.ts';
import { keepsForeignChanges } from '../ignore/ignore-rules.ts';
import type { FieldPath } from '../ignore/field-path.ts';
import { takeFrom } from '../ignore/take-from.ts';

const ourManager = 'fairlead';

/**
 * The object as it is applied over `live` so that ignored fields keep the values they have there. A field that another
 * Apply manager holds is left out, which gives up our part in it. Any other that Git declares or we hold already is sent
 * with its live value: leaving that one out would delete it.
 */
function keepIgnored(desired: KubeObject, live: KubeObject, ignored: readonly FieldPath[]): KubeObject {
  if (ignored.length === 0) return desired;
  const entries = managedEntries(live).filter(({ subresource }) => subresource !== 'status');
  const mine = entries.find(isOurs);
  let object = desired;
  for (const path of ignored) {
    const isApplied = entries.some(
      (entry) => entry.operation === 'Apply' && !isOurs(entry) && holdsField(entry.fields, path),
    );
    if (isApplied) object = takeFrom(object, undefined, [path], { declaredOnly: true });
    else
      object = takeFrom(object, live, [path], { declaredOnly: mine === undefined || !holdsField(mine.fields, path) });
  }
  return withMarksOf(desired, { ...object, apiVersion: desired.apiVersion, kind: desired.kind });
}

/** What is sent for an object that exists: what Git says, except for what is left to others there. */
export function bodyOver(desired: KubeObject, live: KubeObject, ignored: readonly FieldPath[]): KubeObject {
  const isWhole = keepsForeignChanges(desired) || ignored.some((path) => path.length === 0);
  return isWhole ? keepForeignChanges(desired, live) : keepIgnored(desired, live, ignored);
}

/**
 * Fields that others have set since our last apply are left out: we do not hold them any more, so they stay as they are.
 * What we still hold follows Git. Before our first apply nothing is left out.
 */
function keepForeignChanges(desired: KubeObject, live: KubeObject): KubeObject {
  const entries = managedEntries(live);
  const mine = entries.find(isOurs);
  if (mine === undefined) return desired;
  const managers = new Set(entries.filter((entry) => entry !== mine).map(({ manager }) => manager));
  const theirs = managedPaths(live, managers).filter((path) => !holdsField(mine.fields, path));
  return withMarksOf(desired, takeFrom(desired, undefined, theirs, { declaredOnly: true }));
}

function isOurs({ manager, operation, subresource }: ManagedEntry): boolean {
  return manager === ourManager && operation === 'Apply' && subresource === '';
}
