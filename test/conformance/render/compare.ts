import type { Json } from '@fairlead/manifests';
import { canonicalJson, diffObjects, fieldAt } from '@fairlead/manifests';
import type { BuildResult } from '@fairlead/render';
import { formatFinding } from '@fairlead/render';
import type { OracleAnswer } from './oracle.ts';

/** `equal`: same objects, or both refuse. `refused`: only we refuse. `different`: everything else. */
export type Verdict = 'equal' | 'refused' | 'different';

export interface Comparison {
  readonly verdict: Verdict;
  /** Why, for verdicts other than `equal`. */
  readonly detail: string;
}

/** Compares what we make of a directory with what kustomize makes of it, as sets of objects. */
export function compareResults(ours: BuildResult, theirs: OracleAnswer): Comparison {
  if (!ours.ok) {
    if (!theirs.ok) return { verdict: 'equal', detail: '' };
    return { verdict: 'refused', detail: ours.errors.map(formatFinding).join('; ') };
  }
  if (!theirs.ok) return { verdict: 'different', detail: `kustomize refuses: ${theirs.message}` };
  const own = new Map(ours.objects.map((object) => [canonicalJson(object), object as Json]));
  const other = new Map(theirs.objects.map((object) => [canonicalJson(object), object]));
  const onlyOurs = [...own].filter(([key]) => !other.has(key)).map(([, object]) => object);
  const onlyTheirs = [...other].filter(([key]) => !own.has(key)).map(([, object]) => object);
  if (onlyOurs.length === 0 && onlyTheirs.length === 0) return { verdict: 'equal', detail: '' };
  return { verdict: 'different', detail: describeDifference(onlyOurs, onlyTheirs) };
}

function describeDifference(onlyOurs: readonly Json[], onlyTheirs: readonly Json[]): string {
  const nameOf = (object: Json): string =>
    `${String(fieldAt(object, ['kind']))}/${String(fieldAt(object, ['metadata', 'name']))}`;
  const theirs = new Map(onlyTheirs.map((object) => [nameOf(object), object]));
  const parts = onlyOurs.map((object) => {
    const other = theirs.get(nameOf(object));
    theirs.delete(nameOf(object));
    if (other === undefined) return `only ours: ${nameOf(object)}`;
    const items = diffObjects(object, other).slice(0, 5);
    return `${nameOf(object)}: ${items.map((item) => `${item.path} ours=${show(item.desired)} theirs=${show(item.live)}`).join(', ')}`;
  });
  return [...parts, ...[...theirs.keys()].map((name) => `only theirs: ${name}`)].slice(0, 10).join('; ');
}

function show(value: Json | undefined): string {
  return value === undefined ? '(nothing)' : canonicalJson(value).slice(0, 200);
}
