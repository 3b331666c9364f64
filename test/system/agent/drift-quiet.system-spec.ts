import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { useApplyStory } from '../../harness/apply-story.ts';
import { DriftTold } from '../../harness/drift-told.ts';

/** Every object is compared whole once in two seconds: what a hash would hide, shows. */
describe('what is no drift', () => {
  const story = useApplyStory('drift-quiet', { FAIRLEAD_SWEEP_INTERVAL_MS: '2000' });
  const told = (app: string) => new DriftTold(story().agent.hub, app);

  /** Waits until the object was compared by a dry run that began after the call. */
  const compared = (object: string) => {
    const from = story().stub.requests.length;
    return eventually(
      () => {
        const since = story().stub.requests.slice(from);
        expect(since.some(({ url }) => url.includes(`/${object}?`) && url.includes('dryRun=All'))).toBe(true);
      },
      { timeoutMs: 20_000 },
    );
  };

  it('[case 131] an object that nothing happens to: it is compared, and not written', async () => {
    await story().applied('still', [configMap('still', { rate: '1' })]);
    const drift = told('still');
    story().stub.forget();
    await compared('configmaps/still');
    await compared('configmaps/still');
    expect(drift.opened).toEqual([]);
    expect(
      story()
        .stub.writes()
        .filter(({ url }) => url.includes('/configmaps/still')),
    ).toEqual([]);
  });

  it('[case 148] [case 149] [case 150] defaults, other spellings of an amount, null and empty', async () => {
    const workload = deployment('spelled');
    Object.assign(workload.spec.template.spec.containers[0] as object, {
      resources: { limits: { cpu: '1000m', memory: '1024Mi' }, requests: {} },
      env: [],
      ports: [{ containerPort: 80 }],
    });
    const objects: KubeObject[] = [
      workload,
      object('v1', 'Service', 'spelled', { spec: { selector: { app: 'spelled' }, ports: [{ port: 80 }] } }),
      object('rbac.authorization.k8s.io/v1', 'Role', 'spelled', { rules: null }),
      object('v1', 'Secret', 'spelled', { data: null }),
      object('v1', 'ConfigMap', 'spelled', { data: {} }),
      object('networking.k8s.io/v1', 'NetworkPolicy', 'spelled', { spec: { podSelector: {}, ingress: [] } }),
    ];
    await story().applied('spelled', objects);
    const drift = told('spelled');
    const plurals = ['deployments', 'services', 'roles', 'secrets', 'configmaps', 'networkpolicies'];
    await Promise.all(plurals.map((plural) => compared(`${plural}/spelled`)));
    await compared('deployments/spelled');
    expect(drift.opened).toEqual([]);
    expect(drift.unmanaged).toEqual([]);
  });

  it('[case 148] an amount in a custom resource that embeds a Pod', async () => {
    const group = `${story().namespace}.example.dev`;
    const fields = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const definition = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `runs.${group}`, {
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind: 'Run', plural: 'runs', singular: 'run' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties: { spec: fields } } },
          },
        ],
      },
    });
    const container = { name: 'main', resources: { limits: { cpu: '1000m' } } };
    const run = object(`${group}/v1`, 'Run', 'run', { spec: { pod: { containers: [container] }, tags: [] } });
    await story().applied('embedded', [definition, run]);
    const drift = told('embedded');
    await compared('runs/run');
    // What an old client does that leaves out what is empty.
    await story().patch(`runs.${group}/run`, { spec: { tags: null } }, '--field-manager=old-operator');
    await compared('runs/run');
    expect(drift.opened).toEqual([]);
    expect(await story().at(`runs.${group}/run`, 'spec.tags')).toBeUndefined();
    await story().kubectl(['delete', `crd/runs.${group}`, '--wait=false']);
  });

  it('[case 151] the metrics of an autoscaler as the server orders them; one that is gone is drift', async () => {
    const metric = (name: string) => ({
      type: 'Resource',
      resource: { name, target: { type: 'Utilization', averageUtilization: 60 } },
    });
    const scaler = object('autoscaling/v2', 'HorizontalPodAutoscaler', 'hpa', {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nothing' },
        minReplicas: 1,
        maxReplicas: 3,
        metrics: [metric('memory'), metric('cpu')],
      },
    });
    const { app, counter } = story().assign('hpa', [scaler]);
    await eventually(() => expect(story().agent.hub.acks(app).at(-1)).toMatchObject({ counter, phase: 'applied' }));
    const drift = told('hpa');
    await compared('horizontalpodautoscalers/hpa');
    expect(drift.opened).toEqual([]);
    await story().patch('hpa/hpa', { spec: { metrics: [metric('cpu')] } }, '--field-manager=kubectl-edit');
    await drift.end('/spec/metrics', 'corrected');
    expect(await story().at('hpa/hpa', 'spec.metrics')).toHaveLength(2);
  });

  it('[case 147] the certificate that an injector adds to a webhook', async () => {
    const name = `${story().namespace}-injected`;
    const hook = object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', name, {
      webhooks: [
        {
          name: 'a.example.dev',
          clientConfig: { url: 'https://127.0.0.1:1/' },
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          rules: [
            {
              apiGroups: ['nothing.example.dev'],
              apiVersions: ['v1'],
              operations: ['CREATE'],
              resources: ['nothings'],
            },
          ],
        },
      ],
    });
    await story().applied('injected', [hook]);
    const drift = told('injected');
    const patch = [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: certificate }];
    const target = `validatingwebhookconfiguration/${name}`;
    await story().kubectl([
      ...['patch', target, '--type=json', '--field-manager=kubectl-patch'],
      ...['-p', JSON.stringify(patch)],
    ]);
    await compared(`validatingwebhookconfigurations/${name}`);
    expect(drift.opened).toEqual([]);
    expect(drift.unmanaged).toEqual([]);
    expect(await story().kubectl(['get', target, '-o', 'jsonpath={.webhooks[0].clientConfig.caBundle}'])).toBe(
      certificate,
    );
    await story().kubectl(['delete', target]);
  });

  it('[case 157] heartbeats of a status cost no dry run', async () => {
    await story().applied('beats', [deployment('beats')], { settings: { driftMode: 'report' } });
    const drift = told('beats');
    // Also while something is open: that does not change either.
    await story().patch('deployment/beats', { spec: { replicas: 2 } }, '--field-manager=kubectl-edit');
    await drift.item('/spec/replicas');
    await story().kubectl(['rollout', 'status', 'deployment/beats', '--timeout=20s']);
    await compared('deployments/beats');
    const looks = () =>
      story().stub.requests.filter(({ url }) => url.includes('/deployments/beats?') && url.includes('dryRun=All'));
    const before = looks().length;
    const startedAt = performance.now();
    for (let beat = 1; beat <= 10; beat += 1) {
      const status = { status: { collisionCount: beat } };
      await story().patch('deployment/beats', status, '--subresource=status', '--field-manager=heart');
    }
    // The sweep goes on meanwhile.
    expect(looks().length - before).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - startedAt) / 2000));
  });
});

// Any bytes will do for a hook that is never called.
const certificate = Buffer.from('-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n').toString('base64');

function object(apiVersion: string, kind: string, name: string, rest: Record<string, unknown>): KubeObject {
  return { apiVersion, kind, metadata: { name }, ...rest } as KubeObject;
}
