import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { deployment } from '../../fixtures/kube-objects.ts';
import { AdmissionWebhook } from '../../harness/admission-webhook.ts';
import { useApplyStory } from '../../harness/apply-story.ts';
import { DriftTold } from '../../harness/drift-told.ts';

const sidecar = { name: 'proxy', image: 'registry.example/proxy:1' };

describe('drift beside a webhook', () => {
  const story = useApplyStory('drift-hooks');
  let webhook: AdmissionWebhook | undefined;
  const hookName = () => `${story().namespace}-sidecar`;

  beforeAll(async () => {
    webhook = await AdmissionWebhook.start(story().cluster, addSidecar);
    const hook = webhook.configuration(hookName(), story().namespace, [{ group: 'apps', plural: 'deployments' }]);
    await story().kubectl(['create', '-f', '-'], hook);
  });
  afterAll(async () => {
    await story().kubectl(['delete', 'mutatingwebhookconfiguration', hookName()]);
    await webhook?.close();
  });

  it('[case 144] [case 145] is what Git says; what the webhook adds stays, also when Git takes a field away', async () => {
    const object = deployment('hooked');
    Object.assign(object.spec, { minReadySeconds: 3 });
    await story().applied('hooked', [object]);
    const drift = new DriftTold(story().agent.hub, 'hooked');
    await story().kubectl(['set', 'image', 'deployment/hooked', 'main=registry.example/api:9']);
    await drift.end('/spec/template/spec/containers/0/image', 'corrected');
    await story().applied('hooked', [deployment('hooked')]);
    await story().kubectl(['set', 'image', 'deployment/hooked', 'main=registry.example/api:8']);
    await drift.end('/spec/template/spec/containers/0/image', 'corrected');
    const spec = (await story().at('deployment/hooked', 'spec')) as JsonObject;
    expect(spec).not.toHaveProperty('minReadySeconds');
    const containers = (await story().at('deployment/hooked', 'spec.template.spec.containers')) as JsonObject[];
    expect(containers.map((container) => container['name'])).toEqual(['main', 'proxy']);
    expect(drift.paths()).toEqual(['/spec/template/spec/containers/0/image']);
    expect(drift.unmanaged).toEqual([]);
  });
});

function addSidecar(object: KubeObject): JsonObject[] | null {
  const { template } = object['spec'] as { template: { spec: { containers: JsonObject[] } } };
  if (template.spec.containers.some((container) => container['name'] === 'proxy')) return null;
  return [{ op: 'add', path: '/spec/template/spec/containers/-', value: sidecar }];
}
