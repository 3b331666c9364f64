import { fail } from '../finding.ts';
import type { FieldSpec } from './field-path.ts';
import type { GvkPattern } from './gvk.ts';
import { isSelectedBy } from './gvk.ts';
import type { NameReference } from './name-references.ts';

/** The fields that hold the name of one kind of object. */
export interface NameReferenceFields {
  readonly target: GvkPattern;
  readonly fields: readonly FieldSpec[];
}

export const fieldListNames = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'volumeClaimTemplateLabels',
  'commonAnnotations',
  'varReference',
  'images',
  'replicas',
] as const;

export type FieldLists = Readonly<Record<(typeof fieldListNames)[number], readonly FieldSpec[]>>;

/** Where transformers look: what kustomize knows, and what configurations add to it. */
export interface TransformerConfig extends FieldLists {
  readonly nameReference: readonly NameReferenceFields[];
}

/** Adds to one configuration what another has more; `file` is named when they contradict each other. */
export function mergeConfigs(config: TransformerConfig, more: TransformerConfig, file: string): TransformerConfig {
  if (config === more) return config;
  const lists = fieldListNames.map((name) => [name, sorted(mergeFields(config[name], more[name], file))]);
  const nameReference = mergeNameReferences(config.nameReference, more.nameReference, file);
  return { ...(Object.fromEntries(lists) as FieldLists), nameReference };
}

/** Adds the fields that no present one covers. */
export function mergeFields(fields: readonly FieldSpec[], more: readonly FieldSpec[], file: string): FieldSpec[] {
  const merged = [...fields];
  for (const field of more) {
    const present = merged.find((other) => other.path === field.path && isSelectedBy(fullGvk(other), field));
    if (present === undefined) merged.push(field);
    else if ((present.create ?? false) !== (field.create ?? false)) {
      fail({ file, message: `the field "${field.path}" is known with another value of "create"` });
    }
  }
  return merged;
}

function mergeNameReferences(
  present: readonly NameReferenceFields[],
  more: readonly NameReferenceFields[],
  file: string,
): NameReferenceFields[] {
  const merged = [...present];
  for (const { target, fields } of more) {
    const index = merged.findIndex((known) => isSameGvk(known.target, target));
    const known = merged[index];
    if (known === undefined) merged.push({ target, fields });
    else merged[index] = { target, fields: mergeFields(known.fields, fields, file) };
  }
  return merged.sort((left, right) => compareGvk(left.target, right.target));
}

function sorted(fields: FieldSpec[]): FieldSpec[] {
  return fields.sort(compareGvk);
}

/** The order in which kustomize goes through kinds; it decides who renames a field that could name several kinds. */
export function compareGvk(left: GvkPattern, right: GvkPattern): number {
  const rank = rankOf(left) - rankOf(right);
  if (rank !== 0) return rank;
  const [leftText, rightText] = [sortText(left), sortText(right)];
  if (leftText === rightText) return 0;
  return leftText < rightText ? -1 : 1;
}

const firstKinds = (
  'Namespace ResourceQuota StorageClass CustomResourceDefinition ServiceAccount PodSecurityPolicy Role ClusterRole ' +
  'RoleBinding ClusterRoleBinding ConfigMap Secret Endpoints Service LimitRange PriorityClass PersistentVolume ' +
  'PersistentVolumeClaim Deployment StatefulSet CronJob PodDisruptionBudget'
).split(' ');
const lastKinds = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

function rankOf({ kind = '' }: GvkPattern): number {
  const first = firstKinds.indexOf(kind);
  return first >= 0 ? first - firstKinds.length : lastKinds.indexOf(kind) + 1;
}

function sortText({ group, version, kind }: GvkPattern): string {
  return `${group || '~G'}_${version || '~V'}_${kind || '~K'}`;
}

function fullGvk({ group = '', version = '', kind = '' }: GvkPattern): {
  group: string;
  version: string;
  kind: string;
} {
  return { group, version, kind };
}

function isSameGvk(left: GvkPattern, right: GvkPattern): boolean {
  return sortText(left) === sortText(right);
}

const indexes = new WeakMap<TransformerConfig, ReadonlyMap<string, readonly NameReference[]>>();

/** The name fields that objects of a kind have, in the order in which they are rewritten. */
export function nameReferencesOf(config: TransformerConfig, kind: string): readonly NameReference[] {
  let index = indexes.get(config);
  if (index === undefined) {
    const flat = config.nameReference.flatMap(({ target, fields }) => fields.map((field) => ({ target, field })));
    const kinds = new Set(flat.map(({ field }) => field.kind ?? ''));
    const applying = (kindOf: string): NameReference[] =>
      flat.filter(({ field }) => !field.kind || field.kind === kindOf);
    index = new Map([...kinds].map((kindOf) => [kindOf, applying(kindOf)]));
    indexes.set(config, index);
  }
  return index.get(kind) ?? index.get('') ?? [];
}
