import type { IgnoreRule } from '@fairlead/shared/contracts';
import type { Json, JsonObject, KubeObject, ObjectId } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject, parseSelectorText, SelectorTextError } from '@fairlead/manifests';
import { managedPaths } from '../managed-fields/managed-paths.ts';
import { covers, parseFieldPath } from './field-path.ts';
import type { FieldPath } from './field-path.ts';
import { compilePattern } from './text-pattern.ts';
import type { TextPattern } from './text-pattern.ts';

/** `ignore` on an object: whatever somebody else sets on it stays. */
const driftAnnotation = 'fairlead.dev/drift';

/** The ignore rules of an app, ready to be asked. */
export interface IgnoreRules {
  /** Rules that cannot be read, in words; they match nothing. */
  readonly problems: readonly string[];
  /** Whether any rule may be about this object, whatever its labels are. False: there is no need to look at it. */
  concern(id: ObjectId, apiVersion: string): boolean;
  /** What the rules ignore of the live object. `id` is its identity in the cluster. */
  ignoredOf(id: ObjectId, live: KubeObject): FieldPath[];
}

interface Rule {
  readonly paths: readonly FieldPath[];
  readonly managers: ReadonlySet<string>;
  concerns(id: ObjectId, apiVersion: string): boolean;
  selects(live: KubeObject): boolean;
}

/** Whether a place that a pointer names in an object is ignored. */
export function isIgnored(ignored: readonly FieldPath[], pointer: string, object: Json): boolean {
  return ignored.some((path) => covers(path, pointer, object));
}

/** Whether the object says by annotation that changes made to it by others stay. */
export function keepsForeignChanges(object: JsonObject): boolean {
  return fieldAt(object, ['metadata', 'annotations', driftAnnotation]) === 'ignore';
}

export async function compileIgnoreRules(rules: readonly IgnoreRule[]): Promise<IgnoreRules> {
  const problems: string[] = [];
  const compiled: Rule[] = [];
  for (const [index, rule] of rules.entries()) {
    const outcome = await compile(rule);
    if (typeof outcome === 'string') problems.push(`ignore rule ${index + 1}: ${outcome}`);
    else compiled.push(outcome);
  }
  return {
    problems,
    concern: (id, apiVersion) => compiled.some((rule) => rule.concerns(id, apiVersion)),
    ignoredOf: (id, live) =>
      compiled
        .filter((rule) => rule.concerns(id, live.apiVersion) && rule.selects(live))
        .flatMap((rule) => [...rule.paths, ...managedPaths(live, rule.managers)]),
  };
}

async function compile({ target, paths, managers }: IgnoreRule): Promise<Rule | string> {
  const patterns: [string, TextPattern][] = [];
  for (const part of ['group', 'version', 'kind', 'namespace', 'name'] as const) {
    const source = target[part];
    if (source === null) continue;
    const pattern = await compilePattern(source);
    if (pattern === null) return `"${source}" is no pattern`;
    patterns.push([part, pattern]);
  }
  const broken = paths.find((path) => path !== '' && !path.startsWith('/'));
  if (broken !== undefined) return `"${broken}" is no path: it has to begin with "/"`;
  try {
    const labels = parseSelectorText(target.labelSelector ?? '');
    const annotations = parseSelectorText(target.annotationSelector ?? '');
    return {
      paths: paths.map(parseFieldPath),
      managers: new Set(managers),
      concerns: (id, apiVersion) => {
        const facts: Record<string, string> = { ...id, version: apiVersion.slice(apiVersion.indexOf('/') + 1) };
        return patterns.every(([part, matches]) => matches(facts[part] ?? ''));
      },
      selects: (live) => labels(mapAt(live, 'labels')) && annotations(mapAt(live, 'annotations')),
    };
  } catch (error) {
    if (error instanceof SelectorTextError) return error.message;
    throw error;
  }
}

function mapAt(live: KubeObject, field: string): JsonObject {
  const value = fieldOf(live.metadata, field);
  return isJsonObject(value) ? value : {};
}
