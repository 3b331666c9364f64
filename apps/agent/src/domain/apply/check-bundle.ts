import type { ObjectId } from '@fairlead/manifests';
import { formatObjectId } from '@fairlead/manifests';
import { isAgentsOwn } from '../prune/agents-own.ts';
import type { ObjectFacts } from './object-facts.ts';
import { placeAll, placeOf } from './order.ts';
import type { Place } from './order.ts';

export interface BundleObject {
  readonly key: string;
  /** Identity in the cluster. */
  readonly id: ObjectId;
  readonly facts: ObjectFacts | null;
  /** What was wrong about its place. */
  readonly causes: readonly string[];
  /** Key of the definition of its kind, whether the bundle has it or not. */
  readonly definition: string | null;
  /** Keys of objects of the bundle that have to be healthy first, by what the object is. */
  readonly backends: readonly string[];
}

export interface CheckedObject {
  readonly place: Place;
  /** Keys of the objects that have to be applied and healthy before it. */
  readonly waitsFor: readonly string[];
  /** Everything that makes the object invalid; empty when it is valid. */
  readonly causes: readonly string[];
  /** A dependency that the app has but that has left the bundle. */
  readonly leaving: string | null;
}

export interface BundleContext {
  readonly defaultNamespace: string | null;
  readonly agentNamespace: string;
  /** Whether the app has an object with this key already. */
  readonly isOwned: (key: string) => boolean;
}

const none: readonly string[] = [];

/** Checks all objects of a bundle together and gives each its place in the order; the result is in the order of the input. */
export function checkBundle(objects: readonly BundleObject[], context: BundleContext): CheckedObject[] {
  const bundle = new Map(objects.map((object) => [object.key, object]));
  const drafts = objects.map((object) => draftOf(object, bundle, context));
  const { places, cyclic } = placeAll(
    drafts
      .filter(({ object }) => object.facts?.hook === undefined)
      .map(({ object, waitsFor }) => ({
        key: object.key,
        id: object.id,
        wave: object.facts?.wave ?? 0,
        after: [...waitsFor, ...implicitEdges(object, bundle)],
      })),
  );
  const waits = new Map(drafts.map(({ object, waitsFor }) => [object.key, waitsFor]));
  return drafts.map(({ object, waitsFor, causes, leaving }) => ({
    place: places.get(object.key) ?? placeOf(object.id, object.facts?.wave),
    waitsFor,
    causes: cyclic.has(object.key) ? [...causes, cycleCause(object.key, waits, cyclic)] : causes,
    leaving,
  }));
}

interface Draft {
  readonly object: BundleObject;
  readonly waitsFor: readonly string[];
  readonly causes: readonly string[];
  readonly leaving: string | null;
}

function draftOf(object: BundleObject, bundle: ReadonlyMap<string, BundleObject>, context: BundleContext): Draft {
  const causes = [...(object.facts?.causes ?? none), ...object.causes];
  if (isAgentsOwn(object.id, context.agentNamespace))
    causes.push('it belongs to the agent and cannot be part of an app');
  const waitsFor = [...object.backends];
  let leaving: string | null = null;
  for (const ref of object.facts?.dependsOn ?? none) {
    const key = resolve(ref, context.defaultNamespace, (candidate) => bundle.has(candidate));
    const left = resolve(ref, context.defaultNamespace, context.isOwned);
    if (object.facts?.hook !== undefined)
      causes.push(`a hook waits for nothing but hooks of lower waves, but it names ${ref}`);
    else if (key !== null && bundle.get(key)?.facts?.hook !== undefined)
      causes.push(`it depends on ${ref}, which is a hook`);
    else if (key !== null) waitsFor.push(key);
    else if (left !== null) leaving = left;
    else causes.push(`it depends on ${ref}, which the release does not have`);
  }
  return { object, waitsFor: waitsFor.length === 0 ? none : waitsFor, causes, leaving };
}

/** A dependency that names no namespace may mean the one the app is placed in. */
function resolve(ref: string, defaultNamespace: string | null, has: (key: string) => boolean): string | null {
  if (has(ref)) return ref;
  const [group = '', kind = '', namespace, name = ''] = ref.split('/');
  if (namespace !== '' || defaultNamespace === null) return null;
  const placed = formatObjectId({ group, kind, namespace: defaultNamespace, name });
  return has(placed) ? placed : null;
}

function implicitEdges({ id, definition }: BundleObject, bundle: ReadonlyMap<string, BundleObject>): string[] {
  const edges = id.namespace === '' ? [] : [`/Namespace//${id.namespace}`];
  if (definition !== null) edges.push(definition);
  return edges.filter((key) => bundle.has(key));
}

/** Spells the cycle that an object is on. */
function cycleCause(key: string, waits: ReadonlyMap<string, readonly string[]>, cyclic: ReadonlySet<string>): string {
  const path = [key];
  for (;;) {
    const next: string | undefined = waits.get(path.at(-1) ?? '')?.find((candidate) => cyclic.has(candidate));
    if (next === undefined) return `its dependencies form a cycle with ${[...cyclic].sort().slice(0, 5).join(', ')}`;
    const start = path.indexOf(next);
    if (start >= 0) return `its dependencies form a cycle: ${[...path.slice(start), next].join(' -> ')}`;
    path.push(next);
  }
}
