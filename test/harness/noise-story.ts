import type { DriftItemReport } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { AdmissionWebhook } from './admission-webhook.ts';
import type { ApplyStory } from './apply-story.ts';
import { injectLabel, makeNoise, noiseRule, noisyObjects, wheelDefinition } from './drift-noise.ts';
import { DriftTold } from './drift-told.ts';
import { RawKube } from './raw-kube.ts';

/**
 * Lets webhooks, controllers, old clients and people write beside an app, and gives the drift that was told of it. At the end
 * a real edit has to be found, so that silence is no deafness.
 */
export async function driftOfNoise(story: ApplyStory, writes: number, seed: number): Promise<DriftItemReport[]> {
  const kube = new RawKube(story.cluster);
  const webhook = await AdmissionWebhook.start(story.cluster, injectLabel);
  const group = `${story.namespace}.example.dev`;
  const hookName = `${story.namespace}-inject`;
  const kinds = [
    { group: '', plural: 'configmaps' },
    { group: 'apps', plural: 'deployments' },
  ];
  try {
    const objects = [wheelDefinition(group), ...noisyObjects(group)];
    const assignment = story.assign('noise', objects, { settings: { ignore: [noiseRule] } });
    await eventually(
      () => {
        if (story.ackOf(assignment)?.phase !== 'applied') throw new Error('the app is not applied yet');
      },
      { timeoutMs: 30_000 },
    );
    await story.kubectl(['create', '-f', '-'], webhook.configuration(hookName, story.namespace, kinds));
    const drift = new DriftTold(story.agent.hub, 'noise');
    await makeNoise({ kube, namespace: story.namespace, group }, writes, seed);
    await story.patch('configmap/noise-0', { data: { rate: '9' } }, '--field-manager=kubectl-edit');
    await eventually(() => drift.item('/data/rate'), { timeoutMs: 30_000 });
    await drift.end('/data/rate', 'corrected');
    if (webhook.reviews === 0) throw new Error('the webhook was never asked');
    return drift.opened.filter(({ path, live }) => path !== '/data/rate' || live !== '9');
  } finally {
    await story.kubectl(['delete', 'mutatingwebhookconfiguration', hookName, '--ignore-not-found']);
    await story.kubectl(['delete', `crd/wheels.${group}`, '--wait=false', '--ignore-not-found']);
    kube.close();
    await webhook.close();
  }
}
