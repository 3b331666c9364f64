import { parseObjectId } from '@fairlead/manifests';
import { actorOf, objectRefusal } from './local-limits.ts';
import type { LocalLimits } from './local-limits.ts';

const open: LocalLimits = { namespaces: null, kinds: null, clusterScoped: true, requireServiceAccount: false };
const refusal = (limits: Partial<LocalLimits>, key: string, isNamespaced = true) =>
  objectRefusal({ ...open, ...limits }, parseObjectId(key), isNamespaced);

describe('the limits of an agent', () => {
  it('are none when nothing is set', () => {
    expect(refusal({}, '/ConfigMap/kube-system/a')).toBeNull();
    expect(refusal({}, 'rbac.authorization.k8s.io/ClusterRole//a', false)).toBeNull();
  });

  it('keep to the namespaces that are listed, whole or by their beginning', () => {
    const namespaces = ['shop', 'team-*'];
    expect(refusal({ namespaces }, '/ConfigMap/shop/a')).toBeNull();
    expect(refusal({ namespaces }, '/ConfigMap/team-a/a')).toBeNull();
    expect(refusal({ namespaces }, '/ConfigMap/shop-2/a')).toBe('this agent does not touch the namespace shop-2');
    expect(refusal({ namespaces }, '/ConfigMap/team/a')).not.toBeNull();
    expect(refusal({ namespaces: [] }, '/ConfigMap/shop/a')).not.toBeNull();
  });

  it('take a Namespace for what is in it', () => {
    expect(refusal({ namespaces: ['shop'] }, '/Namespace//shop', false)).toBeNull();
    expect(refusal({ namespaces: ['shop'] }, '/Namespace//other', false)).toMatch(/other/);
    expect(refusal({ clusterScoped: false }, '/Namespace//shop', false)).toMatch(/outside namespaces/);
  });

  it('keep to the kinds that are listed', () => {
    const kinds = ['ConfigMap', 'apps/Deployment', 'example.dev/*'];
    expect(refusal({ kinds }, '/ConfigMap/a/a')).toBeNull();
    expect(refusal({ kinds }, 'apps/Deployment/a/a')).toBeNull();
    expect(refusal({ kinds }, 'example.dev/Gate/a/a')).toBeNull();
    expect(refusal({ kinds }, '/Secret/a/a')).toBe('this agent does not touch the kind Secret');
    expect(refusal({ kinds }, 'evil.dev/ConfigMap/a/a')).toBe('this agent does not touch the kind evil.dev/ConfigMap');
    expect(refusal({ kinds }, 'apps/StatefulSet/a/a')).not.toBeNull();
  });

  it('keep out of what has no namespace', () => {
    expect(refusal({ clusterScoped: false }, 'storage.k8s.io/StorageClass//a', false)).not.toBeNull();
    expect(refusal({ clusterScoped: false }, '/ConfigMap/a/a')).toBeNull();
  });
});

describe('whom an app acts as', () => {
  const actor = (serviceAccount: string | null, limits: Partial<LocalLimits> = {}, namespace: string | null = 'shop') =>
    actorOf({ ...open, ...limits }, { serviceAccount, namespace }, 'fairlead-system');

  it('is the agent, unless a service account is named', () => {
    expect(actor(null)).toEqual({ user: null });
    expect(actor('deployer')).toEqual({ user: 'system:serviceaccount:shop:deployer' });
    expect(actor('other/deployer')).toEqual({ user: 'system:serviceaccount:other:deployer' });
  });

  it.each([
    ['none, where one is required', null, { requireServiceAccount: true }],
    ['one of a namespace that is out of bounds', 'kube-system/admin', { namespaces: ['shop'] }],
    ["one of the agent's own namespace", 'fairlead-system/fairlead-agent', {}],
    ['no name', '', {}],
    ['too many parts', 'a/b/c', {}],
    ['a name that is none', 'a/b:c', {}],
    ['a name with a line end', 'deployer\r\nimpersonate-group: system:masters', {}],
  ])('is nobody with %s', (_name, serviceAccount, limits) => {
    expect(actor(serviceAccount, limits)).toHaveProperty('refusal');
  });

  it('is nobody when the namespace of the account is open', () => {
    expect(actor('deployer', {}, null)).toHaveProperty('refusal');
  });
});
