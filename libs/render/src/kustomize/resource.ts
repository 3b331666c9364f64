import type { JsonObject, KubeObject, YamlNull } from '@fairlead/manifests';
import { cloneJson, fieldOf } from '@fairlead/manifests';
import { isClusterScopedForKustomize } from './cluster-scope.ts';
import type { Gvk, GvkPattern } from './gvk.ts';
import { gvkOf, isSelectedBy } from './gvk.ts';
import type { Provenance } from './provenance.ts';
import { SharedEntries } from './shared-entries.ts';

/** What a resource was called at one moment of the build. */
export interface ResourceId extends Gvk {
  readonly name: string;
  /** Never empty: `default` when none is given, a mark for kinds without one. */
  readonly namespace: string;
  /** The same text for equal ids, and only for those. */
  readonly key: string;
}

interface WrittenId {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

export interface ResourceOrigin {
  readonly file: string;
  readonly line?: number;
  /** Path of the entry in the file, such as `spec.patches.0`, where the line alone would not tell. */
  readonly at?: string;
}

/** Something that made an object other than its file has it. */
export interface ResourceChange extends ResourceOrigin {
  readonly by:
    | 'patch'
    | 'configMapGenerator'
    | 'secretGenerator'
    | 'namePrefix'
    | 'nameSuffix'
    | 'namespace'
    /** Printed by an external program, given this file. */
    | 'helm'
    | 'kustomize';
}

const noChanges: readonly ResourceChange[] = [];

export type GeneratorBehavior = 'create' | 'replace' | 'merge';

const noNamespace = '_non_namespaceable_';

interface PreviousName {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
}

/** An object on its way through the build, with the names it had before. */
export class Resource {
  object: KubeObject;
  origin: ResourceOrigin;
  previous: readonly PreviousName[] = [];
  prefixes: readonly string[] = [];
  suffixes: readonly string[] = [];
  needsHash = false;
  isGenerated = false;
  /** Variables whose value stands in this object. */
  readonly varNames: string[] = [];
  /** Kept only for builds that write it into annotations. */
  provenance: Provenance | null = null;
  transformations: readonly Provenance[] = [];
  /** What changed it, in order; for people who ask where something comes from. */
  changes: readonly ResourceChange[] = noChanges;
  readonly shared = new SharedEntries();
  #lastId: { readonly written: WrittenId; readonly id: ResourceId } | null = null;
  #lastPrevious: {
    readonly of: readonly PreviousName[];
    readonly apiVersion: string;
    readonly ids: readonly ResourceId[];
  } | null = null;
  /** Nulls as they were written; strategic merge drops the blank ones, unlike a written null. */
  nulls: readonly YamlNull[] = [];

  constructor(object: KubeObject, origin: ResourceOrigin) {
    this.object = object;
    this.origin = origin;
  }

  get gvk(): Gvk {
    return gvkOf(this.object.apiVersion, this.object.kind);
  }

  get name(): string {
    return this.object.metadata.name;
  }

  set name(name: string) {
    this.object.metadata.name = name;
  }

  /** The namespace as written, empty when there is none. */
  get namespace(): string {
    const namespace = fieldOf(this.object.metadata, 'namespace');
    return typeof namespace === 'string' ? namespace : '';
  }

  get isClusterScoped(): boolean {
    return this.id.namespace === noNamespace;
  }

  get id(): ResourceId {
    const { apiVersion, kind } = this.object;
    const { name, namespace } = this;
    const known = this.#lastId;
    // Asked for far more often than it changes.
    if (known !== null && isSame(known.written, apiVersion, kind, name, namespace)) return known.id;
    const written = { apiVersion, kind, name, namespace };
    const id = makeId(written);
    this.#lastId = { written, id };
    return id;
  }

  /** The name it had first. */
  get originalId(): ResourceId {
    return this.previousIds[0] ?? this.id;
  }

  get previousIds(): readonly ResourceId[] {
    const { apiVersion } = this.object;
    const known = this.#lastPrevious;
    if (known !== null && known.of === this.previous && known.apiVersion === apiVersion) return known.ids;
    const ids = this.previous.map((id) => makeId({ apiVersion, ...id }));
    this.#lastPrevious = { of: this.previous, apiVersion, ids };
    return ids;
  }

  /** Tells whether kustomize keeps notes in the annotations of this object. */
  get hasInternalAnnotations(): boolean {
    return this.previous.length > 0 || this.isGenerated || this.provenance !== null || this.prefixes.length > 0;
  }

  /** For merge patches that replace all annotations: kustomize loses what it noted in them. */
  forgetNotes(): void {
    this.forgetProvenance();
    this.previous = [];
    this.prefixes = [];
    this.suffixes = [];
    this.needsHash = false;
    this.isGenerated = false;
  }

  /** For JSON patches that replace all annotations: only where the object comes from is lost. */
  forgetProvenance(): void {
    this.provenance = null;
    this.transformations = [];
  }

  noteChange(by: ResourceChange['by'], origin: ResourceOrigin): void {
    this.changes = [...this.changes, { ...origin, by }];
  }

  /** Remembers the present name, before it changes. */
  rememberId(): void {
    const { name, namespace, kind } = this.id;
    this.previous = [...this.previous, { name, namespace, kind }];
  }

  hadIdMatching(pattern: GvkPattern, name: string): boolean {
    const { group, version } = this.gvk;
    let isNamed = false;
    let isKind = false;
    for (const previous of this.previous) {
      isNamed ||= previous.name === name;
      isKind ||= isSelectedBy({ group, version, kind: previous.kind }, pattern);
    }
    return isNamed && isKind;
  }
}

function makeId({ apiVersion, kind, name, namespace }: WrittenId): ResourceId {
  const gvk = gvkOf(apiVersion, kind);
  const effective = effectiveNamespace(namespace, isClusterScopedForKustomize(apiVersion, kind));
  return { ...gvk, name, namespace: effective, key: `${apiVersion}/${kind}/${effective}/${name}` };
}

function isSame(written: WrittenId, apiVersion: string, kind: string, name: string, namespace: string): boolean {
  return (
    written.name === name &&
    written.namespace === namespace &&
    written.kind === kind &&
    written.apiVersion === apiVersion
  );
}

/** A fresh resource whose object may be changed freely. */
export function copyAsResource(object: KubeObject, origin: ResourceOrigin, nulls: readonly YamlNull[]): Resource {
  const resource = new Resource(cloneJson(object), origin);
  resource.nulls = nulls;
  return resource;
}

function effectiveNamespace(namespace: string, isClusterScoped: boolean): string {
  if (isClusterScoped) return noNamespace;
  return namespace === '' ? 'default' : namespace;
}

/** `Deployment "shop" in namespace "web"`, for messages. */
export function describeId(id: ResourceId): string {
  const place = id.namespace === noNamespace ? '' : ` in namespace "${id.namespace}"`;
  return `${id.kind} "${id.name}"${place}`;
}

/** The metadata map of labels or annotations, empty when there is none. */
export function metadataMap(object: KubeObject, field: 'labels' | 'annotations'): JsonObject {
  const map = fieldOf(object.metadata, field);
  return typeof map === 'object' && map !== null && !Array.isArray(map) ? map : {};
}
