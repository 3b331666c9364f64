import type { KubeObject } from '@fairlead/manifests';
import { canonicalJson, fieldOf, isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import { Accumulation, withFile } from './accumulation.ts';
import type { BuildContext } from './build-context.ts';
import { pathIn } from './build-context.ts';
import { BuildState } from './build-state.ts';
import { fixReferences } from './fix-references.ts';
import { contentHash } from './name-hash.ts';
import { writeMetadata } from './provenance.ts';
import type { Resource } from './resource.ts';
import type { ResourceSet } from './resource-set.ts';
import { resolveVars } from './vars.ts';

/** Builds the kustomization of a directory; `components` are put on top of it, as an overlay would. */
export function buildKustomization(
  context: BuildContext,
  directory: string,
  components: readonly string[],
): ResourceSet {
  const state = new BuildState();
  const accumulation = new Accumulation(context, state);
  accumulation.add(directory, [], 'Kustomization');
  for (const component of components) accumulation.add(component, [], 'Component');
  const { set, config, vars } = accumulation;
  state.schema.refuseUnclearScope(set.resources);
  for (const resource of set.resources) addHash(resource);
  withFile(pathIn(directory, 'kustomization.yaml'), () => {
    fixReferences(set.resources, config);
    resolveVars(vars, set, config.varReference, state.isRespelled);
  });
  set.replaceAll(set.resources.filter((resource) => !isLocalOnly(resource.object)));
  for (const resource of set.resources) finishAnnotations(resource.object);
  writeMetadata(set, state.metadata);
  return set;
}

function addHash(resource: Resource): void {
  if (!resource.needsHash) return;
  if (resource.object.kind !== 'ConfigMap' && resource.object.kind !== 'Secret') {
    fail({ ...resource.origin, message: 'a generated object whose kind was changed has no name hash here' });
  }
  resource.rememberId();
  resource.name = `${resource.name}-${contentHash(resource.object)}`;
}

function isLocalOnly(object: KubeObject): boolean {
  const mark = fieldOf(fieldOf(object.metadata, 'annotations'), 'config.kubernetes.io/local-config');
  return mark !== undefined && mark !== 'false';
}

const buildAnnotations = [
  'config.kubernetes.io/index',
  'config.kubernetes.io/path',
  'config.k8s.io/id',
  'config.kubernetes.io/origin',
  'alpha.config.kubernetes.io/transformations',
];

/** Annotations leave the build as texts; an empty map does not leave it at all. */
function finishAnnotations(object: KubeObject): void {
  if (!Object.hasOwn(object.metadata, 'annotations')) return;
  const annotations = object.metadata['annotations'];
  const entries = isJsonObject(annotations) ? Object.entries(annotations) : [];
  const kept = entries.filter(([key]) => !buildAnnotations.includes(key));
  if (kept.length === 0) {
    delete object.metadata['annotations'];
    return;
  }
  object.metadata['annotations'] = Object.fromEntries(
    kept.map(([key, value]) => {
      if (typeof value === 'string') return [key, value];
      return [key, typeof value === 'object' && value !== null ? '' : canonicalJson(value)];
    }),
  );
}
