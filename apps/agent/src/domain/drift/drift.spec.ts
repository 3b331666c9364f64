import type { Json, KubeObject, ObjectId } from '@fairlead/manifests';
import { compareLive } from './drift.ts';

const id: ObjectId = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'api' };
const maskKey = Buffer.from('mask key of a test');

describe('drift', () => {
  it('is the field, both values, and the manager who has the field now', () => {
    const found = drift(
      deployment('api:1'),
      deployment('api:2', [
        entry('kubectl-edit', '2026-01-01T10:00:00Z', {
          'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"main"}': { 'f:image': {} } } } } },
        }),
        entry('kube-controller-manager', '2026-01-01T11:00:00Z', { 'f:status': {} }, 'status'),
      ]),
    );
    expect(found).toEqual([
      {
        path: '/spec/template/spec/containers/0/image',
        change: 'changed',
        desired: 'api:1',
        live: 'api:2',
        manager: 'kubectl-edit',
        operation: 'Update',
        managerAt: '2026-01-01T10:00:00Z',
        confidence: 'high',
      },
    ]);
  });

  it('finds the item of a keyed list wherever it stands', () => {
    const live = deployment('api:2', [entry('helm', '2026-01-01T10:00:00Z', containerFields('main'))]);
    containersOf(live).unshift({ name: 'sidecar', image: 'proxy' });
    const predicted = deployment('api:1');
    containersOf(predicted).unshift({ name: 'sidecar', image: 'proxy' });
    expect(drift(predicted, live)).toMatchObject([
      { path: '/spec/template/spec/containers/1/image', manager: 'helm', confidence: 'high' },
    ]);
  });

  it('of a removed field names whoever wrote last, and is not sure', () => {
    const live = deployment('api:1', [entry('curl', '2026-01-01T12:00:00Z', { 'f:spec': { 'f:paused': {} } })]);
    const predicted = deployment('api:1');
    (predicted['spec'] as Record<string, Json>)['replicas'] = 3;
    expect(drift(predicted, live)).toMatchObject([
      { path: '/spec/replicas', change: 'removed', desired: 3, live: null, manager: 'curl', confidence: 'low' },
    ]);
  });

  it("of a removed field is nobody's when nobody wrote since the object was right", () => {
    const live = deployment('api:1', [entry('curl', '2025-01-01T12:00:00Z', {})]);
    const predicted = deployment('api:1');
    (predicted['spec'] as Record<string, Json>)['replicas'] = 3;
    expect(drift(predicted, live)).toMatchObject([{ manager: null, confidence: 'none' }]);
  });

  it('is not what only the server writes', () => {
    const live = { ...deployment('api:1'), status: { replicas: 3 } };
    live.metadata = { ...live.metadata, resourceVersion: '9', generation: 4, uid: 'u', creationTimestamp: 'then' };
    expect(drift(deployment('api:1'), live)).toEqual([]);
  });

  it('of a custom resource treats empty and absent alike', () => {
    const gate = (spec: Record<string, Json>): KubeObject => ({
      apiVersion: 'example.dev/v1',
      kind: 'Gate',
      metadata: { name: 'g' },
      spec,
    });
    const gateId = { group: 'example.dev', kind: 'Gate', namespace: '', name: 'g' };
    const compared = compareLive({
      id: gateId,
      predicted: gate({ open: true, tags: [], routes: [{ host: 'a', labels: {} }] }),
      declared: gate({ open: true }),
      live: gate({ open: true, routes: [{ host: 'a' }] }),
      maskKey,
      verifiedAt: '',
      ignored: [],
    });
    expect(compared).toEqual({ drift: [], isTolerated: true });
  });

  it('of a Secret shows that a value differs and never the value', () => {
    const secret = (value: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { token: value },
    });
    const secretId = { group: '', kind: 'Secret', namespace: 'shop', name: 's' };
    const { drift: found } = compareLive({
      id: secretId,
      predicted: secret('Z29vZA=='),
      declared: secret('Z29vZA=='),
      live: secret('YmFk'),
      maskKey,
      verifiedAt: '',
      ignored: [],
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ path: '/data/token', change: 'changed' });
    expect(JSON.stringify(found)).not.toMatch(/Z29vZA|YmFk/);
    expect(found[0]?.desired).not.toEqual(found[0]?.live);
  });
});

function drift(predicted: KubeObject, live: KubeObject) {
  return compareLive({
    id,
    predicted,
    declared: predicted,
    live,
    maskKey,
    verifiedAt: '2026-01-01T09:00:00Z',
    ignored: [],
  }).drift;
}

function deployment(image: string, managedFields: Json[] = []): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'api', namespace: 'shop', managedFields },
    spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
  };
}

function containersOf(object: KubeObject): Json[] {
  return (object['spec'] as { template: { spec: { containers: Json[] } } }).template.spec.containers;
}

function containerFields(name: string): Json {
  return {
    'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { [`k:{"name":"${name}"}`]: { 'f:image': {} } } } } },
  };
}

function entry(manager: string, time: string, fieldsV1: Json, subresource = ''): Json {
  return {
    manager,
    operation: 'Update',
    apiVersion: 'apps/v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource ? { subresource } : {}),
  };
}
