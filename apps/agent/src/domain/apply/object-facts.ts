import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import { appLabel, partOfLabel } from '../marks.ts';
import { dependencyRefs } from './depends-on.ts';
import { hookOf } from './hook.ts';
import type { HookSpec } from './hook.ts';
import { reconcileAnnotation } from './reconcile-policy.ts';

/** What the plan has to know of an object, kept beside its identity so that planning reads no manifest. */
export interface ObjectFacts {
  /** Why the object is not valid by itself. */
  readonly causes?: readonly string[];
  readonly wave?: number;
  /** Keys of the objects it waits for, as its annotations name them. */
  readonly dependsOn?: readonly string[];
  readonly hook?: HookSpec;
  /** What its reconcile annotation says. */
  readonly reconcile?: string;
}

const waveAnnotations = ['fairlead.dev/wave', 'argocd.argoproj.io/sync-wave'];

/** Reads the facts of an object; null when there is nothing special about it, which is the rule. */
export function objectFacts(object: JsonObject): ObjectFacts | null {
  const causes = structuralCauses(object);
  const annotations = textsAt(object, ['metadata', 'annotations'], causes);
  textsAt(object, ['metadata', 'labels'], causes);
  const wave = waveOf(annotations, causes);
  const dependsOn = dependencyRefs(annotations, causes);
  const hook = hookOf(annotations, causes);
  const reconcile = annotations[reconcileAnnotation];
  const facts: ObjectFacts = {
    ...(causes.length === 0 ? {} : { causes }),
    ...(wave === 0 ? {} : { wave }),
    ...(dependsOn.length === 0 ? {} : { dependsOn }),
    ...(hook === null ? {} : { hook }),
    ...(reconcile === undefined ? {} : { reconcile }),
  };
  return Object.keys(facts).length === 0 ? null : facts;
}

function structuralCauses(object: JsonObject): string[] {
  const causes: string[] = [];
  for (const field of ['apiVersion', 'kind']) if (!isFilled(fieldOf(object, field))) causes.push(`${field} is missing`);
  if (isFilled(fieldAt(object, ['metadata', 'generateName']))) {
    causes.push('metadata.generateName makes another object with every apply: give it a metadata.name');
  } else if (!isFilled(fieldAt(object, ['metadata', 'name']))) causes.push('metadata.name is missing');
  const kind = fieldOf(object, 'kind');
  if (typeof kind === 'string' && kind.endsWith('List') && Array.isArray(fieldOf(object, 'items'))) {
    causes.push(`a ${kind} is no object by itself: its items have to be objects of the release`);
  }
  for (const label of [appLabel, partOfLabel]) {
    if (fieldAt(object, ['metadata', 'labels', label]) !== undefined) {
      causes.push(`the label ${label} says whose an object is: only the agent sets it`);
    }
  }
  return causes;
}

function waveOf(annotations: Readonly<Record<string, string>>, causes: string[]): number {
  for (const name of waveAnnotations) {
    const said = annotations[name];
    if (said === undefined) continue;
    if (/^[+-]?\d{1,9}$/.test(said.trim())) return Number(said);
    causes.push(`${name} is "${said}": it has to be a whole number`);
    return 0;
  }
  return 0;
}

/** The text fields at a path; what the API server would refuse there becomes a cause. */
function textsAt(object: JsonObject, path: readonly string[], causes: string[]): Record<string, string> {
  const value = fieldAt(object, path);
  const texts: Record<string, string> = {};
  if (value === undefined || value === null) return texts;
  if (!isJsonObject(value)) {
    causes.push(`${path.join('.')} has to be a map of texts`);
    return texts;
  }
  for (const [name, text] of Object.entries(value)) {
    if (typeof text === 'string') texts[name] = text;
    else if (text !== null) causes.push(`${path.join('.')}["${name}"] has to be a text`);
  }
  return texts;
}

function isFilled(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== '';
}
