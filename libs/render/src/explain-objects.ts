import type { Json, KubeObject } from '@fairlead/manifests';
import { decodeBase64, fieldOf, isJsonObject, locate } from '@fairlead/manifests';
import type { ResourceChange, ResourceOrigin } from './kustomize/resource.ts';
import type { RenderResult } from './render-target.ts';
import { placeKey } from './variables/variable-scope.ts';

/** How one object came about: where it stands, what changed it, and which variables had a say. */
export interface ObjectExplanation {
  readonly file: string;
  readonly line: number | null;
  readonly changes: {
    readonly by: ResourceChange['by'];
    readonly file: string;
    readonly line: number | null;
    /** Path of the entry in that file, when it is one of several. */
    readonly at: string | null;
  }[];
  /** `value` is JSON; null: it ends in a Secret, or is too long to be kept. */
  readonly variables: { readonly name: string; readonly value: string | null }[];
}

type Rendered = Extract<RenderResult, { ok: true }>;

const longestValue = 200;
const mostChanges = 50;

/**
 * Explains the objects of a render. A variable of the app whose value went into a Secret, or stands in one, is named
 * without its value, whichever object it is asked about.
 */
export function explainObjects(
  rendered: Pick<Rendered, 'objects' | 'origins' | 'changes' | 'places' | 'trace'>,
  app: { file: string; text: string },
): ObjectExplanation[] {
  const values = new Map(rendered.trace.variables.map(({ name, value }) => [name, value]));
  const secret = secretVariables(rendered, values);
  const lines = new Map<string, number | null>();
  const lineOf = ({ file, line, at }: ResourceOrigin): number | null => {
    if (line !== undefined || file !== app.file || at === undefined) return line ?? null;
    if (!lines.has(at)) lines.set(at, locate(app.text, pathOf(at))?.line ?? null);
    return lines.get(at) ?? null;
  };
  return rendered.origins.map((origin, index) => {
    const changes = rendered.changes[index] ?? [];
    const names = variablesOf(rendered.places, origin, changes);
    return {
      file: origin.file,
      line: lineOf(origin),
      changes: changes
        .slice(0, mostChanges)
        .map((change) => ({ by: change.by, file: change.file, line: lineOf(change), at: change.at ?? null })),
      variables: [...names].sort().map((name) => {
        const value = values.get(name);
        const isShown = value !== undefined && !secret.has(name) && value.length <= longestValue;
        return { name, value: isShown ? value : null };
      }),
    };
  });
}

function variablesOf(
  places: Rendered['places'],
  origin: ResourceOrigin,
  changes: readonly ResourceChange[],
): Set<string> {
  const names = new Set<string>();
  const add = (key: string): void => {
    for (const name of places.get(key) ?? []) names.add(name);
  };
  for (const place of [origin, ...changes]) add(placeKey(place));
  // What a program does with the files it is given is not known: each may have had a say.
  if (changes.some(isByProgram)) for (const key of places.keys()) if (!key.includes('#')) add(key);
  return names;
}

function isByProgram({ by }: ResourceChange): boolean {
  return by === 'helm' || by === 'kustomize';
}

/** What is known of clusters and apps is no secret; the variables of an app may be. */
function secretVariables(
  { objects, origins, changes, places }: Pick<Rendered, 'objects' | 'origins' | 'changes' | 'places'>,
  values: ReadonlyMap<string, string>,
): Set<string> {
  const names = new Set<string>();
  const contents: string[] = [];
  objects.forEach((object, index) => {
    if (object.kind !== 'Secret') return;
    const origin = origins[index];
    if (origin !== undefined) for (const name of variablesOf(places, origin, changes[index] ?? [])) names.add(name);
    contents.push(...contentsOf(object));
  });
  if (contents.length > 0) {
    for (const [name, value] of values) {
      const text = textOf(value);
      if (contents.some((content) => content === text || (text.length > 3 && content.includes(text)))) names.add(name);
    }
  }
  return new Set([...names].filter((name) => name.startsWith('var.')));
}

function contentsOf(object: KubeObject): string[] {
  return (['data', 'stringData'] as const).flatMap((field) => {
    const entries = fieldOf(object, field);
    if (!isJsonObject(entries)) return [];
    return Object.values(entries).flatMap((value) => (typeof value === 'string' ? [value, decoded(value)] : []));
  });
}

function decoded(text: string): string {
  return new TextDecoder().decode(decodeBase64(text) ?? new Uint8Array());
}

/** A value as it stands in a text. */
function textOf(json: string): string {
  const value = JSON.parse(json) as Json;
  return typeof value === 'string' ? value : json;
}

function pathOf(at: string): (string | number)[] {
  return at.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
