import { groupOf } from '@fairlead/manifests';

export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A selector over kinds: what is not given matches everything. */
export interface GvkPattern {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
}

export function gvkOf(apiVersion: string, kind: string): Gvk {
  const group = groupOf(apiVersion);
  return { group, version: group === '' ? apiVersion : apiVersion.slice(group.length + 1), kind };
}

export function isSelectedBy(gvk: Gvk, pattern: GvkPattern): boolean {
  return (
    (!pattern.kind || pattern.kind === gvk.kind) &&
    (!pattern.group || pattern.group === gvk.group) &&
    (!pattern.version || pattern.version === gvk.version)
  );
}

export function apiVersionOf(gvk: Gvk): string {
  return gvk.group === '' ? gvk.version : `${gvk.group}/${gvk.version}`;
}
