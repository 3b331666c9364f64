import { applyStage, compareForApply } from './apply-order.ts';
import type { ObjectId } from './kube-object.ts';

const id = (group: string, kind: string, name = 'a', namespace = ''): ObjectId => ({ group, kind, namespace, name });

describe('apply order', () => {
  it('puts every kind into its stage', () => {
    expect(applyStage(id('', 'Namespace'))).toBe(0);
    expect(applyStage(id('apiextensions.k8s.io', 'CustomResourceDefinition'))).toBe(0);
    expect(applyStage(id('rbac.authorization.k8s.io', 'RoleBinding'))).toBe(1);
    expect(applyStage(id('storage.k8s.io', 'StorageClass'))).toBe(1);
    expect(applyStage(id('gateway.networking.k8s.io', 'GatewayClass'))).toBe(1);
    expect(applyStage(id('', 'ConfigMap'))).toBe(2);
    expect(applyStage(id('apps', 'Deployment'))).toBe(3);
    expect(applyStage(id('gateway.networking.k8s.io', 'HTTPRoute'))).toBe(3);
    expect(applyStage(id('example.dev', 'Gate'))).toBe(4);
    expect(applyStage(id('example.dev', 'Deployment'))).toBe(4);
    expect(applyStage(id('admissionregistration.k8s.io', 'ValidatingWebhookConfiguration'))).toBe(5);
  });

  it('applies a Role before the binding that needs it, and a Service before workloads', () => {
    const sorted = [
      id('apps', 'Deployment'),
      id('rbac.authorization.k8s.io', 'RoleBinding'),
      id('', 'Service'),
      id('rbac.authorization.k8s.io', 'Role'),
    ].sort(compareForApply);
    expect(sorted.map((entry) => entry.kind)).toEqual(['Role', 'RoleBinding', 'Service', 'Deployment']);
  });

  it('breaks ties by namespace and name, the same on every machine', () => {
    const sorted = [id('', 'Secret', 'b', 'x'), id('', 'Secret', 'a', 'y'), id('', 'Secret', 'a', 'x')].sort(
      compareForApply,
    );
    expect(sorted.map((entry) => `${entry.namespace}/${entry.name}`)).toEqual(['x/a', 'x/b', 'y/a']);
  });
});
