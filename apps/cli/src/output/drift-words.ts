import type { DriftItem } from '@fairlead/shared/contracts';
import { shortJson } from './words.ts';

/** "configmap orders/limits" of the object key `/ConfigMap/orders/limits`. */
export function objectWords(key: string): string {
  const [group = '', kind = '', namespace = '', name = ''] = key.split('/');
  const fullKind = group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
  return `${fullKind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** "kubectl-patch", with a mark when it is a guess, and when that one keeps changing it back. */
export function whoWords(item: Pick<DriftItem, 'manager' | 'operation' | 'confidence' | 'contended'>): string {
  const again = item.contended ? ', again and again' : '';
  if (item.manager === null || item.confidence === 'none') return `unknown${again}`;
  return `${item.confidence === 'low' ? `probably ${item.manager}` : item.manager}${again}`;
}

/** The state of an item; an open one may be contended, or be nothing Git says anything about. */
export function stateOfDrift(item: Pick<DriftItem, 'state' | 'change' | 'contended'>): string {
  if (item.state !== 'open') return item.state;
  if (item.change === 'unmanaged') return 'unmanaged';
  return item.contended ? 'contended' : 'open';
}

/** "/data/rate  \"100\" → \"9999\"" */
export function changeWords(item: Pick<DriftItem, 'path' | 'change' | 'desired' | 'live'>): string {
  if (item.change === 'object-deleted') return 'deleted';
  const path = item.path === '' ? '(object)' : item.path;
  if (item.change === 'unmanaged') return `${path}  set to ${shortJson(item.live)}, not in Git`;
  if (item.change === 'added') return `${path}  added ${shortJson(item.live)}`;
  if (item.change === 'removed') return `${path}  removed, was ${shortJson(item.desired)}`;
  return `${path}  ${shortJson(item.desired)} → ${shortJson(item.live)}`;
}
