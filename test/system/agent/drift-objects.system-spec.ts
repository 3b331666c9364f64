import type { IgnoreRule } from '@fairlead/shared/contracts';
import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment } from '../../fixtures/kube-objects.ts';
import { useApplyStory } from '../../harness/apply-story.ts';
import { DriftTold } from '../../harness/drift-told.ts';

describe('drift of an object', () => {
  const story = useApplyStory('drift-objects');
  const told = (app: string) => new DriftTold(story().agent.hub, app);
  const edit = (object: string, change: unknown) => story().patch(object, change, '--field-manager=kubectl-edit');
  const dryRunsOf =
    (object: string) =>
    ({ url }: { url: string }) =>
      url.includes(`/${object}?`) && url.includes('dryRun=All');

  it('[case 134] that is gone is told and made anew, its namespace first', async () => {
    const name = `${story().namespace}-gone`;
    const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    const inside = { ...configMap('inside', { rate: '1' }), metadata: { name: 'inside', namespace: name } };
    await story().applied('gone', [namespace, inside]);
    const drift = told('gone');
    await story().kubectl(['delete', 'namespace', name, '--wait=false']);
    await eventually(
      async () => {
        const { code, stdout } = await story().tryKubectl(['-n', name, 'get', 'configmap/inside', '-o', 'name']);
        expect([code, stdout.trim()]).toEqual([0, 'configmap/inside']);
        expect(await story().at(`namespace/${name}`, 'status.phase')).toBe('Active');
      },
      { timeoutMs: 40_000 },
    );
    expect(drift.opened.map(({ change, path }) => [change, path])).toContainEqual(['object-deleted', '']);
    await story().kubectl(['delete', 'namespace', name, '--wait=false']);
    story().assign('gone', [configMap('gone-over', {})], { settings: { driftMode: 'off' } });
  }, 60_000);

  it('[case 143] [case 154] leaves an ignored field to whoever scales, also when it puts back another', async () => {
    await story().applied('elastic', [deployment('elastic')], { settings: { ignore: [ignore(['/spec/replicas'])] } });
    const drift = told('elastic');
    await story().kubectl(['scale', 'deployment/elastic', '--replicas=3']);
    await edit('deployment/elastic', { spec: { template: { metadata: { labels: { app: 'elastic', x: 'y' } } } } });
    await story().kubectl(['set', 'image', 'deployment/elastic', 'main=registry.example/api:9']);
    const image = '/spec/template/spec/containers/0/image';
    await drift.end(image, 'corrected');
    expect(drift.paths()).toEqual([image]);
    expect(await story().at('deployment/elastic', 'spec.replicas')).toBe(3);
    await story().applied('elastic', [deployment('elastic', { image: 'registry.example/api:2' })], {
      settings: { ignore: [ignore(['/spec/replicas'])] },
    });
    expect(await story().at('deployment/elastic', 'spec.replicas')).toBe(3);
  });

  it('[case 153] honours escaped steps of an ignored path', async () => {
    const object = configMap('escaped', { rate: '1' });
    object.metadata['annotations'] = { 'example.dev/note': 'ours', 'example.dev/other': 'ours' };
    const rule = ignore(['/metadata/annotations/example.dev~1note'], 'ConfigMap');
    await story().applied('escaped', [object], { settings: { ignore: [rule] } });
    const drift = told('escaped');
    const annotations = { 'example.dev/note': 'theirs', 'example.dev/other': 'theirs' };
    await edit('configmap/escaped', { metadata: { annotations } });
    await drift.end('/metadata/annotations/example.dev~1other', 'corrected');
    expect(drift.paths()).toEqual(['/metadata/annotations/example.dev~1other']);
    expect(await story().at('configmap/escaped', 'metadata.annotations')).toMatchObject({
      'example.dev/note': 'theirs',
      'example.dev/other': 'ours',
    });
  });

  it('leaves an object alone whose annotation says so', async () => {
    const object = configMap('alone', { rate: '1' });
    object.metadata['annotations'] = { 'fairlead.dev/drift': 'ignore' };
    await story().applied('alone', [object, configMap('beside-alone', { rate: '1' })]);
    const drift = told('alone');
    await edit('configmap/alone', { data: { rate: '2' } });
    await edit('configmap/beside-alone', { data: { rate: '2' } });
    await drift.end('/data/rate', 'corrected');
    expect(drift.opened.map(({ object: key }) => key.split('/').at(-1))).toEqual(['beside-alone']);
    expect(await story().at('configmap/alone', 'data')).toEqual({ rate: '2' });
  });

  it('[case 155] is told where a webhook refuses dry runs, by what Git declares, with a hint', async () => {
    const workload = deployment('no-dry-run');
    Object.assign(workload.spec.template.spec.containers[0] as object, { resources: { limits: { cpu: '1000m' } } });
    const assignment = story().assign('no-dry-run', [workload]);
    await story().healthy(assignment);
    const drift = told('no-dry-run');
    const message = 'admission webhook "x.example.dev" does not support dry run';
    const body = { kind: 'Status', code: 400, reason: 'BadRequest', message };
    const isDryRun = dryRunsOf('deployments/no-dry-run');
    const stop = story().stub.on((request) => (isDryRun(request) ? { kind: 'answer', status: 400, body } : null));
    await edit('deployment/no-dry-run', { spec: { replicas: 2 } });
    await drift.end('/spec/replicas', 'corrected');
    expect(drift.paths()).toEqual(['/spec/replicas']);
    const status = await eventually(() =>
      story().agent.hub.expectStatus(assignment, ({ notices }) =>
        notices.some(
          ({ reason, object: key }) => reason === 'DryRunNotSupported' && key?.endsWith('no-dry-run') === true,
        ),
      ),
    );
    expect(status.applied).toBe(true);
    expect(status.failing.map(({ reason }) => reason)).not.toContain('DryRunNotSupported');
    stop();
  });

  it('[case 156] that cannot be compared does not hold up the others', async () => {
    await story().applied('broken', [configMap('broken-a', { rate: '1' }), configMap('broken-b', { rate: '1' })]);
    const drift = told('broken');
    const isDryRun = dryRunsOf('configmaps/broken-a');
    const stop = story().stub.on((request) => (isDryRun(request) ? { kind: 'answer', status: 500 } : null));
    await edit('configmap/broken-a', { data: { rate: '2' } });
    await edit('configmap/broken-b', { data: { rate: '2' } });
    await drift.item('/data/rate', 'broken-b');
    expect(drift.opened.map(({ object }) => object.split('/').at(-1))).toEqual(['broken-b']);
    stop();
    await drift.item('/data/rate', 'broken-a');
    await eventually(async () => expect(await story().at('configmap/broken-a', 'data')).toEqual({ rate: '1' }));
  });

  it('[case 161] tells of a container that somebody added, and leaves it', async () => {
    await story().applied('guest', [deployment('guest')]);
    const drift = told('guest');
    await addContainer('guest');
    // kubectl puts it in front.
    const path = '/spec/template/spec/containers/0';
    expect(await drift.unmanagedItem(path)).toMatchObject({
      manager: 'kubectl-edit',
      operation: 'Update',
      live: expect.objectContaining({ name: 'debug' }) as unknown,
      desired: null,
      contended: false,
    });
    await eventually(() =>
      expect(story().agent.hub.statuses('guest').at(-1)).toMatchObject({ openDrift: 0, unmanaged: 1 }),
    );
    expect(drift.opened).toEqual([]);
    expect(await story().at('deployment/guest', 'spec.template.spec.containers')).toHaveLength(2);
    await edit('deployment/guest', {
      spec: { template: { spec: { containers: [{ name: 'main', image: 'registry.example/api:1' }] } } },
    });
    await drift.end(path, 'reverted');
  });

  it('[case 161] takes a container away that a listed manager added', async () => {
    await story().applied('taken', [deployment('taken')], {
      apply: { takeOver: [{ name: 'kubectl-edit', match: 'exact' }] },
    });
    const drift = told('taken');
    await addContainer('taken');
    await drift.end('/spec/template/spec/containers/0', 'corrected');
    expect(await story().at('deployment/taken', 'spec.template.spec.containers')).toHaveLength(1);
  });

  it('of a frozen app is told and not put back', async () => {
    const objects = [configMap('cold', { rate: '1' })];
    await story().applied('cold', objects);
    story().assign('cold', objects, { mode: 'frozen' });
    const drift = told('cold');
    await edit('configmap/cold', { data: { rate: '2' } });
    await drift.item('/data/rate');
    await edit('configmap/cold', { data: { rate: '1' } });
    await drift.end('/data/rate', 'reverted');
    expect(drift.closed.filter(({ outcome }) => outcome === 'corrected')).toEqual([]);
  });

  it('that happened while the mode was off is found when it is on again', async () => {
    const objects = [configMap('off', { rate: '1' })];
    await story().applied('off', objects, { settings: { driftMode: 'off' } });
    const drift = told('off');
    await edit('configmap/off', { data: { rate: '2' } });
    story().assign('off', objects, { settings: { driftMode: 'report' } });
    await drift.item('/data/rate');
    story().assign('off', objects);
    await drift.end('/data/rate', 'corrected');
    expect(await story().at('configmap/off', 'data')).toEqual({ rate: '1' });
  });

  it('that is open is remembered over a restart, and closed when it ended meanwhile', async () => {
    await story().applied('asleep', [configMap('asleep', { rate: '1' })], { settings: { driftMode: 'report' } });
    const drift = told('asleep');
    await edit('configmap/asleep', { data: { rate: '2' } });
    await drift.item('/data/rate');
    const { agent } = story();
    const { sessions } = agent.hub;
    await eventually(() => expect(agent.hub.statuses('asleep').at(-1)).toMatchObject({ openDrift: 1 }));
    await agent.program.stop();
    await edit('configmap/asleep', { data: { rate: '1' } });
    agent.restart();
    await agent.connected(sessions);
    await drift.end('/data/rate', 'reverted');
  }, 40_000);

  function addContainer(name: string): Promise<string> {
    const spec = { template: { spec: { containers: [{ name: 'debug', image: 'registry.example/debug:1' }] } } };
    return story().kubectl([
      ...['patch', `deployment/${name}`, '--field-manager=kubectl-edit', '-p'],
      JSON.stringify({ spec }),
    ]);
  }
});

function ignore(paths: string[], kind = 'Deployment'): IgnoreRule {
  const all = {
    group: null,
    version: null,
    namespace: null,
    name: null,
    labelSelector: null,
    annotationSelector: null,
  };
  return { target: { ...all, kind }, paths, managers: [] };
}
