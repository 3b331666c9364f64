import type { Resource } from './resource.ts';

/** Puts a prefix and a suffix around names; kinds whose name is given from outside keep theirs. */
export function addNamePrefix(resources: readonly Resource[], prefix: string): void {
  if (prefix === '') return;
  for (const resource of resources) {
    if (keepsItsName(resource)) continue;
    resource.prefixes = [...resource.prefixes, prefix];
    resource.rememberId();
    resource.name = prefix + resource.name;
  }
}

export function addNameSuffix(resources: readonly Resource[], suffix: string): void {
  if (suffix === '') return;
  for (const resource of resources) {
    if (keepsItsName(resource)) continue;
    resource.suffixes = [...resource.suffixes, suffix];
    resource.rememberId();
    resource.name += suffix;
  }
}

function keepsItsName(resource: Resource): boolean {
  const { kind, group } = resource.originalId;
  return (
    kind === 'CustomResourceDefinition' ||
    kind === 'Namespace' ||
    (kind === 'APIService' && group === 'apiregistration.k8s.io')
  );
}
