import { defaultTargetSettings } from '@fairlead/shared/contracts';
import type { ObjectId } from '@fairlead/manifests';
import { marksOf } from '../marks.ts';
import { isAgentsOwn, liveVerdict, planPrune } from './prune-plan.ts';
import type { LiveObject } from './prune-plan.ts';

const id: ObjectId = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
const context = {
  app: 'shop',
  agentNamespace: 'fairlead-system',
  appliedUids: new Set<string>(),
  usedNamespaces: new Set(['shop']),
};
const live = (overrides: Partial<LiveObject> = {}): LiveObject => ({
  uid: 'u1',
  ...marksOf('shop', id, 'fairlead-system'),
  deleting: false,
  owned: false,
  ...overrides,
});
const settings = { ...defaultTargetSettings.prune, confirm: ['Namespace'] };

describe('pruning', () => {
  const ids = Array.from({ length: 8 }, (_, index) => ({ ...id, name: `cm-${index}` }));

  it('takes what left the app', () => {
    expect(planPrune(ids, ids.slice(2), settings, null)).toEqual({
      deletions: expect.arrayContaining(ids.slice(0, 2)) as unknown,
      held: null,
    });
  });

  it('holds when everything would go, and does nothing when it is switched off', () => {
    expect(planPrune(ids, [], settings, null)).toMatchObject({
      deletions: [],
      held: { reason: 'empty-render', count: 8 },
    });
    expect(planPrune(ids, [], { ...settings, enabled: false }, null)).toEqual({ deletions: [], held: null });
  });

  it('lets go the set that a person agreed to, and no other', () => {
    const hash = planPrune(ids, ids.slice(6), settings, null).held?.hash ?? '';
    expect(planPrune(ids, ids.slice(6), settings, hash)).toMatchObject({ held: null });
    expect(planPrune(ids, ids.slice(6), settings, hash).deletions).toHaveLength(6);
    expect(planPrune(ids, ids.slice(7), settings, hash)).toMatchObject({ deletions: [], held: { count: 7 } });
  });

  it.each<[string, Partial<LiveObject>, string]>([
    ['ours', {}, 'delete'],
    ['on its way out', { deleting: true }, 'wait'],
    ['without marks', { labels: {}, annotations: {} }, 'forget'],
    ['with the marks of another agent', marksOf('shop', id, 'other-system'), 'forget'],
    ['with marks copied from another object', marksOf('shop', { ...id, name: 'b' }, 'fairlead-system'), 'forget'],
    ['protected by us', { annotations: { ...live().annotations, 'fairlead.dev/prune': 'disabled' } }, 'forget'],
    [
      'protected for kustomize-controller',
      { annotations: { ...live().annotations, 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } },
      'forget',
    ],
    ['owned by another object', { owned: true }, 'forget'],
  ])('judges an object %s', (_name, overrides, action) => {
    expect(liveVerdict(id, live(overrides), context).action).toBe(action);
  });

  it('leaves the same object applied under another group', () => {
    expect(liveVerdict(id, live(), { ...context, appliedUids: new Set(['u1']) }).action).toBe('forget');
  });

  it('keeps a namespace that something of the app is still in', () => {
    const namespace: ObjectId = { group: '', kind: 'Namespace', namespace: '', name: 'shop' };
    const marked = live(marksOf('shop', namespace, 'fairlead-system'));
    expect(liveVerdict(namespace, marked, context).action).toBe('keep');
    expect(liveVerdict(namespace, marked, { ...context, usedNamespaces: new Set() }).action).toBe('delete');
  });

  it('never touches what the agent lives by', () => {
    const own: ObjectId[] = [
      { group: '', kind: 'Namespace', namespace: '', name: 'fairlead-system' },
      { group: '', kind: 'Secret', namespace: 'fairlead-system', name: 'fairlead-agent' },
      { group: '', kind: 'ConfigMap', namespace: 'fairlead-system', name: 'fairlead-inventory-shop' },
      { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', namespace: '', name: 'fairlead-agent' },
    ];
    expect(own.filter((each) => !isAgentsOwn(each, 'fairlead-system'))).toEqual([]);
    expect(isAgentsOwn({ ...id, namespace: 'fairlead-system' }, 'fairlead-system')).toBe(false);
  });
});
