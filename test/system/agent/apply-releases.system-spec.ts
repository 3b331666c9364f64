import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { configMap, deployment, gate, gateDefinition } from '../../fixtures/kube-objects.ts';
import { useApplyStory } from '../../harness/apply-story.ts';

const settle = { timeoutMs: 20_000 };

describe('an agent that is assigned a digest', () => {
  const story = useApplyStory('apply-releases');
  const key = (kind: string, name: string) => `${kind}/${story().namespace}/${name}`;

  it('acknowledges it when every object is accepted, and says healthy when the workloads are', async () => {
    const { hub } = story().agent;
    await story().applied('first', [configMap('limits', { rate: '1' }), deployment('api')]);
    expect(hub.acks('first').map((ack) => ack.phase)).toEqual(['received', 'applied']);
    expect(await story().at('cm/limits', 'data.rate')).toBe('1');
    const inventory = await story().inventory('first');
    expect(inventory.split('\n').map((line) => line.split(' ')[0])).toEqual([
      key('/ConfigMap', 'limits'),
      key('apps/Deployment', 'api'),
    ]);
  });

  it('writes only what changed, and nothing for an unchanged digest', async () => {
    const versions = async () =>
      Promise.all(['a', 'b', 'c'].map((name) => story().at(`cm/${name}`, 'metadata.resourceVersion')));
    const objects = [configMap('a', { v: '1' }), configMap('b', { v: '1' }), configMap('c', { v: '1' })];
    const first = await story().applied('delta', objects);
    const before = await versions();
    await story().applied('delta', objects);
    expect(await versions()).toEqual(before);
    await story().applied('delta', [...objects.slice(0, 2), configMap('c', { v: '2' })]);
    expect(story().agent.hub.snapshotRequests.at(-1)?.base).toBe(first.digest);
    const [a, b, c] = await versions();
    expect([a, b]).toEqual(before.slice(0, 2));
    expect(c).not.toBe(before[2]);
  });

  it('ignores an assignment whose counter is behind', async () => {
    const { hub } = story().agent;
    const old = story().assign('late', [configMap('late', { v: 'old' })]);
    await story().healthy(old);
    const next = story().assign('late', [configMap('late', { v: 'new' })]);
    await story().healthy(next);
    hub.sendRaw({ type: 'assign', assignments: [old] });
    hub.sendRaw({ type: 'assign', assignments: [next] });
    await eventually(() =>
      expect(
        hub.acks('late').filter((ack) => ack.counter === next.counter && ack.phase === 'applied').length,
      ).toBeGreaterThan(1),
    );
    expect(await story().at('cm/late', 'data.v')).toBe('new');
  });

  it('applies definitions before the resources they define, in one run', async () => {
    const group = `${story().namespace}.example.dev`;
    await story().applied('crd', [gate('front', group), gateDefinition(group)]);
    expect(await story().at(`gates.${group}/front`, 'spec.open')).toBe(true);
  });

  it('names the object and the reason when the server refuses it for good', async () => {
    const broken = { ...deployment('typo'), spec: { ...deployment('typo').spec, replicsa: 2 } } as KubeObject;
    const ack = await story().refused('typo', [configMap('fine', {}), broken]);
    expect(ack).toMatchObject({
      permanent: true,
      failures: [{ object: key('apps/Deployment', 'typo'), reason: 'Invalid' }],
    });
    expect(ack.failures[0]?.message).toContain('replicsa');
    await story().kubectl(['get', 'cm/fine']);
  });

  it('reports an immutable field and leaves the object alone', async () => {
    await story().applied('fixed', [deployment('fixed')]);
    const ack = await story().refused('fixed', [deployment('fixed', { labels: { app: 'moved' } })]);
    expect(ack).toMatchObject({ permanent: true, failures: [{ reason: 'ImmutableFieldChanged' }] });
    expect(await story().at('deploy/fixed', 'spec.selector.matchLabels.app')).toBe('fixed');
  });

  it('keeps out of the objects of another app', async () => {
    await story().applied('owner', [configMap('shared', { of: 'owner' })]);
    const thief = story().assign('thief', [configMap('shared', { of: 'thief' })]);
    await eventually(
      () =>
        expect(story().ackOf(thief)).toMatchObject({
          phase: 'failed',
          failures: [{ object: key('/ConfigMap', 'shared'), reason: 'OwnedByAnother' }],
        }),
      settle,
    );
    await eventually(() => story().agent.hub.expectStatus(thief, (status) => status.health === 'failed'), settle);
    expect(await story().at('cm/shared', 'data.of')).toBe('owner');
  });

  it('applies nothing while it is frozen', async () => {
    const { hub } = story().agent;
    await story().applied('frozen', [configMap('frozen', { v: '1' })]);
    const frozen = story().assign('frozen', [configMap('frozen', { v: '2' })], { mode: 'frozen' });
    await eventually(
      () => hub.expectStatus(frozen, (status) => !status.applied && status.counts.objects === 1),
      settle,
    );
    await story().patch('cm/frozen', { data: { v: 'edited' } });
    await eventually(
      () => expect(hub.drift('frozen').at(-1)?.opened[0]).toMatchObject({ path: '/data/v', desired: '1' }),
      settle,
    );
    expect(await story().at('cm/frozen', 'data.v')).toBe('edited');
  });
});
