import { fieldAt } from '@fairlead/manifests';
import type { NameReference } from './name-references.ts';
import type { Resource } from './resource.ts';
import type { GvkPattern } from './gvk.ts';

interface ReferralQuestion {
  readonly name: string;
  readonly candidates: readonly Resource[];
  /** The field takes the namespace as well. */
  readonly isNamespaced: boolean;
}

/** Finds the one renamed resource that a name field means; null when it means none of them. */
export function pickReferral(
  referrer: Resource,
  reference: NameReference,
  question: ReferralQuestion,
): Resource | null | 'unclear' {
  const role = reference.field.path.endsWith('roleRef/name') ? rolePattern(referrer) : null;
  const possible = question.candidates.filter(
    (candidate) =>
      candidate.hadIdMatching(reference.target, question.name) &&
      (role === null || candidate.hadIdMatching(role, question.name)) &&
      isVisibleFrom(referrer, candidate),
  );
  const [only] = possible;
  if (only === undefined) return null;
  if (possible.length === 1) return only;
  let close = possible.filter((candidate) => hasSameAffixes(candidate, referrer, true));
  if (close.length > 1) close = close.filter((candidate) => hasSameAffixes(candidate, referrer, false));
  const [first] = close;
  if (first === undefined) return null;
  const isSame = close.every(
    (candidate) => candidate.name === first.name && (!question.isNamespaced || candidate.namespace === first.namespace),
  );
  return isSame ? first : 'unclear';
}

function rolePattern(referrer: Resource): GvkPattern | null {
  const group = fieldAt(referrer.object, ['roleRef', 'apiGroup']);
  const kind = fieldAt(referrer.object, ['roleRef', 'kind']);
  return typeof group === 'string' && typeof kind === 'string' ? { group, kind } : null;
}

function isVisibleFrom(referrer: Resource, candidate: Resource): boolean {
  if (referrer.isClusterScoped || candidate.isClusterScoped) return true;
  return candidate.object.kind === 'ServiceAccount' || candidate.id.namespace === referrer.id.namespace;
}

/** Tells whether two resources got the same prefixes and suffixes, as far as the shorter list goes. */
function hasSameAffixes(left: Resource, right: Resource, isEmptyEnough: boolean): boolean {
  return (
    hasSameEnd(left.prefixes, right.prefixes, isEmptyEnough) && hasSameEnd(left.suffixes, right.suffixes, isEmptyEnough)
  );
}

function hasSameEnd(left: readonly string[], right: readonly string[], isEmptyEnough: boolean): boolean {
  const length = Math.min(left.length, right.length);
  if (length === 0) return isEmptyEnough || left.length === right.length;
  return left.slice(-length).every((affix, index) => affix === right.slice(-length)[index]);
}
