import type { KubeObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import type { BuildMetadata } from './kustomization.ts';
import type { Resource } from './resource.ts';
import type { ResourceSet } from './resource-set.ts';
import { setMapEntries } from './transform-labels.ts';

/** Where an object comes from, or what changed it, as kustomize writes it into annotations. */
export interface Provenance {
  /** The file, relative to the kustomization that is built. */
  readonly path: string;
  readonly configuredIn: string;
  readonly configuredBy: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
  } | null;
}

/** What a field of a kustomization did. */
export function configuredByField(configuredIn: string, kind: string): Provenance {
  return { path: '', configuredIn, configuredBy: { apiVersion: 'builtin', kind, name: '', namespace: '' } };
}

/** What an object that configures a plugin did. */
export function configuredByPlugin({ object, name, namespace, provenance }: Resource): Provenance {
  const { apiVersion, kind } = object;
  return { path: '', configuredIn: provenance?.path ?? '', configuredBy: { apiVersion, kind, name, namespace } };
}

export function comesFrom(path: string): Provenance {
  return { path, configuredIn: '', configuredBy: null };
}

/** Notes on all resources that a transformer went over them. */
export function noteTransformation(set: ResourceSet, by: Provenance): void {
  for (const resource of set.resources) {
    if (resource.provenance === null) resource.provenance = by;
    else resource.transformations = [...resource.transformations, by];
  }
}

const version = 'v5.8.2';

/** Writes what `buildMetadata` asks for into the objects of a finished build. */
export function writeMetadata(set: ResourceSet, wanted: readonly BuildMetadata[]): void {
  if (wanted.includes('managedByLabel')) {
    const label = { 'app.kubernetes.io/managed-by': `kustomize-${version}` };
    setMapEntries(set.resources, label, [{ path: 'metadata/labels', create: true }]);
  }
  for (const { object, provenance, transformations } of set.resources) {
    if (wanted.includes('originAnnotations') && provenance !== null)
      annotate(object, 'config.kubernetes.io/origin', linesOf(provenance).join(''));
    if (wanted.includes('transformerAnnotations') && transformations.length > 0)
      annotate(object, 'alpha.config.kubernetes.io/transformations', transformations.map(itemOf).join(''));
  }
}

function annotate(object: KubeObject, key: string, text: string): void {
  const annotations = object.metadata['annotations'];
  object.metadata['annotations'] = { ...(typeof annotations === 'object' ? annotations : {}), [key]: text };
}

function linesOf({ path, configuredIn, configuredBy }: Provenance): string[] {
  const lines: string[] = [];
  const line = (key: string, value: string, margin = ''): void => {
    if (value !== '') lines.push(`${margin}${key}: ${plain(value)}\n`);
  };
  line('path', path);
  line('configuredIn', configuredIn);
  if (configuredBy === null) return lines;
  lines.push('configuredBy:\n');
  for (const key of ['apiVersion', 'kind', 'name', 'namespace'] as const) line(key, configuredBy[key], '  ');
  return lines;
}

function itemOf(provenance: Provenance): string {
  return linesOf(provenance)
    .map((line, index) => `${index === 0 ? '- ' : '  '}${line}`)
    .join('');
}

// Other texts would be quoted in one of several ways.
function plain(text: string): string {
  if (/^[A-Za-z./][\w./-]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text)) return text;
  return fail({ file: text, message: 'buildMetadata: this name cannot be written into an annotation' });
}
