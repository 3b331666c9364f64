import type { ObjectId } from '@fairlead/manifests';
import { marksOf } from '../marks.ts';
import { isAgentsOwn } from './agents-own.ts';
import { liveVerdict } from './live-verdict.ts';
import type { LiveObject, PruneContext } from './live-verdict.ts';

const id: ObjectId = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
const namespace: ObjectId = { group: '', kind: 'Namespace', namespace: '', name: 'shop' };
const context: PruneContext = {
  app: 'shop',
  agentNamespace: 'fairlead-system',
  appliedUids: new Set(['applied']),
  usedNamespaces: new Set(['used']),
  contentInTheWay: () => Promise.resolve(null),
};
const live = (of: ObjectId, overrides: Partial<LiveObject> = {}): LiveObject => ({
  uid: 'u1',
  ...marksOf('shop', of, 'fairlead-system'),
  deleting: false,
  owned: false,
  ...overrides,
});
const annotated = (annotation: string, value: string) => ({
  annotations: { ...live(id).annotations, [annotation]: value },
});

describe('the guards before a deletion', () => {
  it.each<[string, Partial<LiveObject>, string]>([
    ['ours', {}, 'delete'],
    ['[case 70] on its way out', { deleting: true }, 'wait'],
    ['without marks', { labels: {}, annotations: {} }, 'release'],
    ['[case 56] with the marks of another agent', marksOf('shop', id, 'other-system'), 'release'],
    ['[case 56] with the marks of another app', marksOf('other', id, 'fairlead-system'), 'release'],
    [
      '[case 77] with marks copied from another object',
      marksOf('shop', { ...id, name: 'b' }, 'fairlead-system'),
      'release',
    ],
    ['[case 53] protected by us', annotated('fairlead.dev/prune', 'disabled'), 'release'],
    [
      '[case 53] protected for kustomize-controller',
      annotated('kustomize.toolkit.fluxcd.io/prune', 'disabled'),
      'release',
    ],
    ['[case 76] that is not reconciled', annotated('fairlead.dev/reconcile', 'disabled'), 'release'],
    ['[case 76] that server-side apply ignores', annotated('kustomize.toolkit.fluxcd.io/ssa', 'Ignore'), 'release'],
    ['[case 76] that was made only once', annotated('kustomize.toolkit.fluxcd.io/ssa', 'IfNotPresent'), 'delete'],
    ['[case 61] applied under another group', { uid: 'applied' }, 'release'],
    ['[case 78] owned by another object', { owned: true }, 'release'],
  ])('judge an object %s', async (_name, overrides, action) => {
    expect(await liveVerdict(id, live(id, overrides), context)).toMatchObject({ action });
  });

  it('[case 54] let go of a detached object', async () => {
    const detached = live(id, annotated('client.lifecycle.config.k8s.io/deletion', 'detach'));
    expect(await liveVerdict(id, detached, context)).toMatchObject({ action: 'release', detach: true });
  });

  it('[case 62] [case 63] keep a namespace that is used, or that holds what is not the app’s', async () => {
    const judge = (overrides: Partial<PruneContext>) =>
      liveVerdict(namespace, live(namespace), { ...context, ...overrides });
    expect(await judge({ usedNamespaces: new Set(['shop']) })).toMatchObject({ action: 'keep' });
    expect(await judge({ contentInTheWay: () => Promise.resolve('a volume') })).toEqual({
      action: 'keep',
      reason: 'a volume',
    });
    expect(await judge({})).toMatchObject({ action: 'delete' });
  });

  it('never touch what the agent lives by', async () => {
    const own: ObjectId[] = [
      { group: '', kind: 'Namespace', namespace: '', name: 'fairlead-system' },
      { group: '', kind: 'Secret', namespace: 'fairlead-system', name: 'fairlead-agent' },
      { group: '', kind: 'ConfigMap', namespace: 'fairlead-system', name: 'fairlead-inventory-shop' },
      { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', namespace: '', name: 'fairlead-agent' },
    ];
    expect(own.filter((each) => !isAgentsOwn(each, 'fairlead-system'))).toEqual([]);
    expect(isAgentsOwn({ ...id, namespace: 'fairlead-system' }, 'fairlead-system')).toBe(false);
    for (const each of own) expect(await liveVerdict(each, live(each), context)).toMatchObject({ action: 'release' });
  });
});
