import type { KubeObject } from '@fairlead/manifests';
import { parseSelectorText, SelectorTextError } from '@fairlead/manifests';
import type { PatchTarget } from '../app/patch-target.ts';
import { fail } from '../finding.ts';
import { compilePattern } from '../text-pattern.ts';
import type { Gvk } from './gvk.ts';
import type { Resource, ResourceOrigin } from './resource.ts';
import { metadataMap } from './resource.ts';

/** An id with its namespace as it is written, or as it counts. */
interface MatchedId extends Gvk {
  readonly name: string;
  readonly namespace: string;
}

interface TargetMatcher {
  matchesKind(gvk: Gvk): boolean;
  matchesName(name: string): boolean;
  matchesNamespace(namespace: string): boolean;
  /** Kind, name and namespace of one id. */
  matchesId(id: MatchedId): boolean;
  /** Labels and annotations. */
  matchesMetadata(object: KubeObject): boolean;
}

/** The patterns of a target, ready to use. */
export function targetMatcher(target: PatchTarget, at: ResourceOrigin): TargetMatcher {
  const matchesGroup = matcher(target.group, at);
  const matchesVersion = matcher(target.version, at);
  const matchesKindName = matcher(target.kind, at);
  const matchesName = matcher(target.name, at);
  const matchesNamespace = matcher(target.namespace, at);
  const matchesLabels = selector(target.labelSelector, at);
  const matchesAnnotations = selector(target.annotationSelector, at);
  const matchesKind = ({ group, version, kind }: Gvk): boolean =>
    matchesKindName(kind) && matchesGroup(group) && matchesVersion(version);
  return {
    matchesKind,
    matchesName,
    matchesNamespace,
    matchesId: (id) => matchesKind(id) && matchesName(id.name) && matchesNamespace(id.namespace),
    matchesMetadata: (object) =>
      matchesLabels(metadataMap(object, 'labels')) && matchesAnnotations(metadataMap(object, 'annotations')),
  };
}

/** The resources that a patch target is about; a name or namespace may be the present or the first one. */
export function selectResources(resources: readonly Resource[], target: PatchTarget, at: ResourceOrigin): Resource[] {
  const matches = targetMatcher(target, at);
  return resources.filter((resource) => {
    if (!matches.matchesKind(resource.gvk)) return false;
    const ids = [resource.originalId, resource.id];
    if (!ids.some((id) => matches.matchesName(id.name))) return false;
    if (!ids.some((id) => matches.matchesNamespace(id.namespace))) return false;
    return matches.matchesMetadata(resource.object);
  });
}

function matcher(source: string | undefined, at: ResourceOrigin): (text: string) => boolean {
  if (source === undefined || source === '') return () => true;
  const pattern = compilePattern(source);
  if (pattern === null) fail({ ...at, message: `"${source}" is no regular expression` });
  return (text) => pattern.matches(text);
}

function selector(text: string | undefined, at: ResourceOrigin): ReturnType<typeof parseSelectorText> {
  try {
    return parseSelectorText(text ?? '');
  } catch (error) {
    if (error instanceof SelectorTextError) fail({ ...at, message: error.message });
    throw error;
  }
}
