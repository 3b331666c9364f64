import type { ObjectId } from '@fairlead/manifests';
import { deletionLevels } from './deletion-levels.ts';

const of = (group: string, kind: string): { id: ObjectId } => ({ id: { group, kind, namespace: 'shop', name: 'x' } });

it('deletes custom resources before their definitions, what serves them later, and namespaces last', () => {
  const objects = [
    of('', 'Namespace'),
    of('apiextensions.k8s.io', 'CustomResourceDefinition'),
    of('', 'ConfigMap'),
    of('apps', 'Deployment'),
    of('', 'Service'),
    of('example.dev', 'Gate'),
    of('rbac.authorization.k8s.io', 'ClusterRole'),
    of('admissionregistration.k8s.io', 'ValidatingWebhookConfiguration'),
  ];
  expect(deletionLevels(objects).map((level) => level.map(({ id }) => id.kind))).toEqual([
    ['ValidatingWebhookConfiguration'],
    ['Gate'],
    ['CustomResourceDefinition'],
    ['Deployment', 'Service'],
    ['ConfigMap'],
    ['ClusterRole'],
    ['Namespace'],
  ]);
});
