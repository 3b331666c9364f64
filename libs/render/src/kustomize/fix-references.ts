import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import { FieldPathError, visitField } from './field-path.ts';
import { isSelectedBy } from './gvk.ts';
import type { NameReference } from './name-references.ts';
import type { TransformerConfig } from './transformer-config.ts';
import { nameReferencesOf } from './transformer-config.ts';
import { pickReferral } from './pick-referral.ts';
import type { Resource } from './resource.ts';

type ByName = ReadonlyMap<string, readonly Resource[]>;

/** Writes the new names of renamed resources into the fields that refer to them. */
export function fixReferences(resources: readonly Resource[], config: TransformerConfig): void {
  for (const resource of resources) if (resource.object.kind === 'RoleBinding') refuseBlankNamespaces(resource);
  const renamed = byPreviousName(resources);
  if (renamed.size === 0) return;
  for (const referrer of resources) {
    const { originalId } = referrer;
    for (const reference of nameReferencesOf(config, originalId.kind)) {
      if (!isSelectedBy(originalId, reference.field)) continue;
      new ReferenceFix(referrer, reference, renamed).apply();
    }
  }
}

function refuseBlankNamespaces({ object, origin }: Resource): void {
  const subjects = fieldAt(object, ['subjects']);
  for (const subject of Array.isArray(subjects) ? subjects : []) {
    if (!isJsonObject(subject)) fail({ ...origin, message: 'a subject must be a map' });
    const isBlank = Object.hasOwn(subject, 'namespace') && typeof subject['namespace'] !== 'string';
    if (isBlank && fieldOf(subject, 'kind') === 'ServiceAccount')
      fail({ ...origin, message: 'the namespace of a subject is blank' });
  }
}

function byPreviousName(resources: readonly Resource[]): ByName {
  const renamed = new Map<string, Resource[]>();
  for (const resource of resources) {
    for (const name of new Set(resource.previous.map((id) => id.name))) {
      const known = renamed.get(name);
      if (known === undefined) renamed.set(name, [resource]);
      else known.push(resource);
    }
  }
  return renamed;
}

class ReferenceFix {
  readonly #referrer: Resource;
  readonly #reference: NameReference;
  readonly #renamed: ByName;

  constructor(referrer: Resource, reference: NameReference, renamed: ByName) {
    this.#referrer = referrer;
    this.#reference = reference;
    this.#renamed = renamed;
  }

  apply(): void {
    const { object } = this.#referrer;
    const spec = { path: this.#reference.field.path };
    visitField(object, spec, 'none', (value) => {
      if (Array.isArray(value)) return value.map((item) => this.#fixed(item));
      return this.#fixed(value);
    });
  }

  #fixed(value: Json): Json {
    if (value === null) return value;
    if (isJsonObject(value)) return this.#fixedMap(value);
    if (Array.isArray(value)) throw new FieldPathError(`"${this.#reference.field.path}" is a list of lists`);
    const text = String(value);
    if (!this.#renamed.has(text)) return value;
    const referral = this.#pick(text, this.#candidates(text), false);
    return referral === null || referral.name === value ? value : referral.name;
  }

  /** A map names its object by `name` and `namespace`. */
  #fixedMap(map: JsonObject): Json {
    const name = fieldOf(map, 'name');
    if (name === undefined) throw new FieldPathError(`"${this.#reference.field.path}" has no name`);
    const text = String(name);
    if (!this.#renamed.has(text)) return map;
    const namespace = fieldOf(map, 'namespace');
    const candidates = namespace === undefined ? this.#candidates(text) : this.#inNamespace(String(namespace), text);
    const referral = this.#pick(text, candidates, true);
    if (referral === null || (referral.name === text && referral.namespace === '')) return map;
    map['name'] = referral.name;
    if (referral.namespace !== '') map['namespace'] = referral.namespace;
    return map;
  }

  #pick(name: string, candidates: readonly Resource[], isNamespaced: boolean): Resource | null {
    const result = pickReferral(this.#referrer, this.#reference, { name, candidates, isNamespaced });
    if (result !== 'unclear') return result;
    const { origin } = this.#referrer;
    return fail({ ...origin, message: `"${name}" in ${this.#reference.field.path} could name several objects` });
  }

  /** What the referrer could mean at all, by namespaces. */
  #candidates(name: string): Resource[] {
    const all = this.#renamed.get(name) ?? [];
    const referrer = this.#referrer;
    if (referrer.isClusterScoped) return [...all];
    const own = referrer.id.namespace;
    const bound = boundNamespaces(referrer);
    return all.filter((other) => other.isClusterScoped || other.id.namespace === own || bound.has(other.namespace));
  }

  #inNamespace(namespace: string, name: string): Resource[] {
    const everything = [...this.#renamed.values()].flat();
    const reachable = new Set(this.#candidates(name));
    const isIn = (id: { namespace: string }): boolean => id.namespace === namespace;
    const wasThere = everything.some(
      (other) => !other.isClusterScoped && this.#isReachable(other) && isIn(other.originalId),
    );
    return [...reachable].filter((other) => !other.isClusterScoped && isIn(wasThere ? other.originalId : other.id));
  }

  #isReachable(other: Resource): boolean {
    const referrer = this.#referrer;
    return (
      referrer.isClusterScoped ||
      other.id.namespace === referrer.id.namespace ||
      boundNamespaces(referrer).has(other.namespace)
    );
  }
}

/** A RoleBinding may name service accounts of other namespaces. */
function boundNamespaces(referrer: Resource): ReadonlySet<string> {
  if (referrer.object.kind !== 'RoleBinding') return new Set();
  const subjects = fieldAt(referrer.object, ['subjects']);
  const accounts = Array.isArray(subjects)
    ? subjects.filter((subject) => fieldOf(subject, 'kind') === 'ServiceAccount')
    : [];
  return new Set(
    accounts.flatMap((account) => {
      const namespace = fieldOf(account, 'namespace');
      return typeof namespace === 'string' ? [namespace] : [];
    }),
  );
}
