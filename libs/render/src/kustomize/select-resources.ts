import { parseSelectorText, SelectorTextError } from '@fairlead/manifests';
import type { PatchTarget } from '../app/patch-target.ts';
import { fail } from '../finding.ts';
import { compilePattern } from '../text-pattern.ts';
import type { Resource, ResourceOrigin } from './resource.ts';
import { metadataMap } from './resource.ts';

/** The resources that a patch target is about; a name or namespace may be the present or the first one. */
export function selectResources(resources: readonly Resource[], target: PatchTarget, at: ResourceOrigin): Resource[] {
  const matchesGroup = matcher(target.group, at);
  const matchesVersion = matcher(target.version, at);
  const matchesKind = matcher(target.kind, at);
  const matchesName = matcher(target.name, at);
  const matchesNamespace = matcher(target.namespace, at);
  const matchesLabels = selector(target.labelSelector, at);
  const matchesAnnotations = selector(target.annotationSelector, at);
  return resources.filter((resource) => {
    const { group, version, kind } = resource.gvk;
    if (!matchesKind(kind) || !matchesGroup(group) || !matchesVersion(version)) return false;
    const ids = [resource.originalId, resource.id];
    if (!ids.some((id) => matchesName(id.name)) || !ids.some((id) => matchesNamespace(id.namespace))) return false;
    return (
      matchesLabels(metadataMap(resource.object, 'labels')) &&
      matchesAnnotations(metadataMap(resource.object, 'annotations'))
    );
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
