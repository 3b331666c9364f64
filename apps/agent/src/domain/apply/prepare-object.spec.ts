import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { fieldAt, objectId } from '@fairlead/manifests';
import { prepareObject } from './prepare-object.ts';

const certificate = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBbjCCARWgAwIBAgIUbCP1FC0+F/TCdsbawvj57/YlL+YwCgYIKoZIzj0EAwIw',
  'DDEKMAgGA1UEAwwBdDAgFw0yNjExMjMwNjEzNTFaGA8yMTI2MTAzMDA2MTM1MVow',
  'DDEKMAgGA1UEAwwBdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHHMIksuqfp4',
  'eqLu+nJEOdrYO71nuG4f0WvrFJiffzOzPrjNfzSrbkJiy8luQoyQeH5xVC/z+/rS',
  'njUIa+vOFzKjUzBRMB0GA1UdDgQWBBRT7mFrqG/azcEubFlTKb/3SK4iijAfBgNV',
  'HSMEGDAWgBRT7mFrqG/azcEubFlTKb/3SK4iijAPBgNVHRMBAf8EBTADAQH/MAoG',
  'CCqGSM49BAMCA0cAMEQCID1MAwA0OR6P1AaTuTBJJ1zAO81//XMit0RfI4QpGlYg',
  'AiBH9JFQQG1PCaHji3JpMKA/7ZF9N5vZbjJ91S4mIjN/MQ==',
  '-----END CERTIFICATE-----',
].join('\n');

const base64 = (text: string) => Buffer.from(text).toString('base64');
const prepared = (object: JsonObject) =>
  prepareObject(object as KubeObject, {
    app: 'shop',
    id: { ...objectId(object as KubeObject), namespace: 'shop' },
    agentNamespace: 'fairlead',
    sealingKeys: new Map(),
  });

describe('an object on its way to the API server', () => {
  it('[case 7] carries the values of a Secret in one field, so that a renamed one leaves nothing behind', () => {
    const secret = prepared({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { kept: base64('k'), token: base64('old') },
      stringData: { token: 'new' },
    });
    expect(secret['data']).toEqual({ kept: base64('k'), token: base64('new') });
    expect(secret).not.toHaveProperty('stringData');
  });

  const pod = () => ({
    containers: [{ name: 'main', ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }] }],
    initContainers: [{ name: 'first', ports: [{ containerPort: 81 }] }],
  });
  const template = () => ({ template: { spec: pod() } });
  it.each([
    ['v1', 'Pod', pod(), 'spec'],
    ['v1', 'ReplicationController', template(), 'spec.template.spec'],
    ['apps/v1', 'Deployment', template(), 'spec.template.spec'],
    ['apps/v1', 'DaemonSet', template(), 'spec.template.spec'],
    ['apps/v1', 'StatefulSet', template(), 'spec.template.spec'],
    ['apps/v1', 'ReplicaSet', template(), 'spec.template.spec'],
    ['batch/v1', 'Job', template(), 'spec.template.spec'],
    ['batch/v1', 'CronJob', { jobTemplate: { spec: template() } }, 'spec.jobTemplate.spec.template.spec'],
  ])('[case 8] names the protocol of every port (%s %s)', (apiVersion, kind, spec, path) => {
    const result = prepared({ apiVersion, kind, metadata: { name: 'x' }, spec });
    const podSpec = fieldAt(result, path.split('.')) as { containers: JsonObject[]; initContainers: JsonObject[] };
    expect(podSpec.containers[0]?.['ports']).toEqual([
      { containerPort: 80, protocol: 'TCP' },
      { containerPort: 53, protocol: 'UDP' },
    ]);
    expect(podSpec.initContainers[0]?.['ports']).toEqual([{ containerPort: 81, protocol: 'TCP' }]);
  });

  it('[case 8] names the protocol of the ports of a Service, and leaves custom resources alone', () => {
    const spec = { ports: [{ port: 80 }] };
    expect(prepared({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec })['spec']).toEqual({
      ports: [{ port: 80, protocol: 'TCP' }],
    });
    expect(prepared({ apiVersion: 'example.dev/v1', kind: 'Service', metadata: { name: 'x' }, spec })['spec']).toBe(
      spec,
    );
  });

  it('[case 9] [case 32] says nothing that only a server may say', () => {
    const result = prepared({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: 'x',
        labels: { app: 'x' },
        creationTimestamp: null,
        resourceVersion: '7',
        uid: 'u',
        generation: 3,
        managedFields: [],
        selfLink: '/x',
      },
      spec: { template: { metadata: { creationTimestamp: null, labels: { app: 'x' } } } },
      status: { replicas: 1 },
    });
    expect(Object.keys(result).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(Object.keys(result.metadata).sort()).toEqual(['annotations', 'labels', 'name', 'namespace']);
    expect(result['spec']).toEqual({ template: { metadata: { labels: { app: 'x' } } } });
  });

  const definition = (caBundle: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'gates.example.dev' },
    spec: { group: 'example.dev', conversion: { webhook: { clientConfig: { caBundle, service: { name: 'w' } } } } },
  });
  it.each([
    ['a placeholder', base64('\n')],
    ['no certificate', base64('-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----')],
    ['two of which one is broken', base64(`${certificate}\n${certificate.replace(/MII/, 'AAA')}`)],
    ['empty', ''],
  ])('[case 10] leaves out the CA bundle of a conversion webhook that is %s', (_what, caBundle) => {
    expect(fieldAt(prepared(definition(caBundle)), ['spec', 'conversion', 'webhook', 'clientConfig'])).toEqual({
      service: { name: 'w' },
    });
  });

  it('[case 10] keeps the CA bundle of a conversion webhook that holds certificates', () => {
    const kept = definition(base64(`${certificate}\n${certificate}\n`));
    expect(prepared(kept)['spec']).toEqual(kept.spec);
  });

  it('[case 10] sends no empty CA bundle of a webhook or an aggregated API', () => {
    const hook = (caBundle: string) => ({ name: 'w.example.dev', clientConfig: { url: 'https://w', caBundle } });
    const result = prepared({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'w' },
      webhooks: [hook(''), hook(base64('\n')), hook(base64(certificate))],
    });
    expect(fieldAt(result, ['webhooks'])).toEqual([
      { name: 'w.example.dev', clientConfig: { url: 'https://w' } },
      { name: 'w.example.dev', clientConfig: { url: 'https://w' } },
      hook(base64(certificate)),
    ]);
    expect(
      prepared({
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1.example.dev' },
        spec: { caBundle: '', group: 'example.dev' },
      })['spec'],
    ).toEqual({ group: 'example.dev' });
  });

  it('[case 28] says nothing about the rules of an aggregated ClusterRole', () => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'sum' },
      rules: [],
    };
    expect(prepared(role)).toHaveProperty('rules');
    expect(prepared({ ...role, aggregationRule: { clusterRoleSelectors: [] } })).not.toHaveProperty('rules');
  });
});
