import type { DriftItem } from '@fairlead/shared/contracts';
import { shortJson } from './words.ts';

/** "configmap orders/limits" of the object key `/ConfigMap/orders/limits`. */
export function objectWords(key: string): string {
  const [group = '', kind = '', namespace = '', name = ''] = key.split('/');
  const fullKind = group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
  return `${fullKind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** "kubectl-patch (Update)", with a mark when it is a guess. */
export function whoWords(item: Pick<DriftItem, 'manager' | 'operation' | 'confidence'>): string {
  if (item.manager === null || item.confidence === 'none') return 'unknown';
  return item.confidence === 'low' ? `probably ${item.manager}` : item.manager;
}

/** "/data/rate  \"100\" → \"9999\"" */
export function changeWords(item: Pick<DriftItem, 'path' | 'change' | 'desired' | 'live'>): string {
  if (item.change === 'object-deleted') return 'deleted';
  const path = item.path === '' ? '(object)' : item.path;
  if (item.change === 'added') return `${path}  added ${shortJson(item.live)}`;
  if (item.change === 'removed') return `${path}  removed, was ${shortJson(item.desired)}`;
  return `${path}  ${shortJson(item.desired)} → ${shortJson(item.live)}`;
}
