import type { KubeObject } from '@fairlead/manifests';
import { deployment } from '../../../../../test/fixtures/kube-objects.ts';
import { calledServices, isServedBy } from './backends.ts';

const hook = (webhooks: KubeObject[string]): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'hook' },
  webhooks,
});
const service = (selector: KubeObject[string]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'hook' },
  spec: { selector },
});

describe('what answers for a webhook', () => {
  it('[case 47] is the Service it names and the workload behind that', () => {
    const client = { service: { namespace: 'shop', name: 'hook', path: '/' } };
    expect(calledServices(hook([{ clientConfig: client }, { clientConfig: { url: 'https://x' } }]))).toEqual([
      { namespace: 'shop', name: 'hook' },
    ]);
    expect(
      calledServices({
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1.example.dev' },
        spec: client,
      }),
    ).toEqual([{ namespace: 'shop', name: 'hook' }]);
    const workload = deployment('hook', { labels: { app: 'hook', tier: 'web' } });
    expect(isServedBy(service({ app: 'hook' }), workload)).toBe(true);
    expect(isServedBy(service({ app: 'other' }), workload)).toBe(false);
    expect(isServedBy(service({}), workload)).toBe(false);
    expect(calledServices(hook(null))).toEqual([]);
  });
});
