import { placeOf } from '../apply/order.ts';
import type { Place, Placed } from '../apply/order.ts';
import { deletionLevels } from './deletion-levels.ts';

const of = (group: string, kind: string, place?: Partial<Place>): Placed => {
  const id = { group, kind, namespace: 'shop', name: 'x' };
  return { id, place: { ...placeOf(id), ...place } };
};
const kinds = (objects: readonly Placed[]) => deletionLevels(objects).map((level) => level.map(({ id }) => id.kind));

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
  expect(kinds(objects)).toEqual([
    ['ValidatingWebhookConfiguration'],
    ['Gate'],
    ['CustomResourceDefinition'],
    ['Deployment', 'Service'],
    ['ConfigMap'],
    ['ClusterRole'],
    ['Namespace'],
  ]);
});

it('[case 72] deletes later waves first, and a namespace last of its wave', () => {
  const objects = [
    of('', 'ConfigMap', { wave: 1 }),
    of('', 'Namespace', { wave: 1 }),
    of('apps', 'Deployment'),
    of('', 'Secret', { wave: 2 }),
  ];
  expect(kinds(objects)).toEqual([['Secret'], ['ConfigMap'], ['Namespace'], ['Deployment']]);
});
