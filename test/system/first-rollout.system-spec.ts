import { Cluster, pageOf, RolloutWave } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { canaryThenRest, shop } from '../fixtures/shop.ts';
import { threeRings, useFleet } from '../harness/fleet.ts';

describe('a first release of two apps on three clusters', () => {
  const fleet = useFleet({ clusters: threeRings });

  it('reaches the clusters wave by wave, each wave after the one before is healthy and soaked', async () => {
    const { prefix } = fleet();
    const waves = [
      { ...canaryThenRest[0], gates: { soak: '3s' } },
      { name: 'early', clusters: { matchLabels: { ring: 'early' } } },
      { name: 'rest', clusters: 'all' },
    ];
    await fleet().push(shop({ prefix, waves }), 'First release');

    const soaking = await fleet().rollout((rollout) => rollout.waves[0]?.state === 'soaking');
    expect(soaking.waves.map((wave) => wave.clusters)).toEqual([['canary'], ['early'], ['rest']]);
    const during = await fleet().targetsOf(soaking);
    expect(during.filter((target) => target.wave > 0).map((target) => target.state)).toEqual(Array(4).fill('pending'));
    for (const name of ['early', 'rest']) {
      const { code } = await fleet()
        .cluster(name)
        .kubectl(['get', 'namespace', `${prefix}-gateway`]);
      expect(code).not.toBe(0);
    }

    const done = await fleet().rollout((rollout) => rollout.state === 'succeeded');
    expect(done.waves.map((wave) => wave.state)).toEqual(['passed', 'passed', 'passed']);
    const targets = await fleet().targets();
    expect(targets).toHaveLength(6);
    for (const target of targets) {
      expect(target).toMatchObject({
        health: 'healthy',
        acknowledged: { digest: target.digest, counter: target.counter },
      });
    }
  });

  it('renders for each cluster what its facts say', async () => {
    const { prefix } = fleet();
    for (const name of Object.keys(threeRings)) {
      const { stdout } = await fleet()
        .cluster(name)
        .kubectl(['-n', `${prefix}-orders`, 'get', 'configmap', 'limits', '-o', 'jsonpath={.data.cluster}']);
      expect(stdout).toBe(name);
    }
  });

  it('leaves clusters alone when a commit changes nothing they run', async () => {
    const before = await fleet().rollout(() => true);
    await fleet().push({ 'README.md': 'Only words.\n' }, 'Words');
    await eventually(async () => {
      const { items } = await fleet().api.get(`/v1/sources`, pageOf(Cluster.pick({ name: true }).loose()));
      expect(items[0]?.['commitSubject']).toBe('Words');
    });
    expect((await fleet().rollout(() => true)).id).toBe(before.id);
  });

  it('applies a change of one app without touching the other', async () => {
    const { prefix } = fleet();
    const before = new Map(
      (await fleet().targets()).map((target) => [`${target.app} ${target.cluster}`, target.counter]),
    );
    await fleet().push(shop({ prefix, rate: '250' }), 'Raise the limit');
    await fleet().rollout((rollout) => rollout.release.subject === 'Raise the limit' && rollout.state === 'succeeded');
    for (const target of await fleet().targets()) {
      const changed = target.app === `${prefix}-orders`;
      expect(target.counter > (before.get(`${target.app} ${target.cluster}`) ?? 0)).toBe(changed);
    }
    const { stdout } = await fleet()
      .cluster('rest')
      .kubectl(['-n', `${prefix}-orders`, 'get', 'configmap', 'limits', '-o', 'jsonpath={.data.rate}']);
    expect(stdout).toBe('250');
  });

  it('does not start wave 2 before wave 1 acknowledged, however long that takes', async () => {
    const { prefix } = fleet();
    await fleet().agents['canary']?.stop();
    await fleet().push(
      shop({ prefix, rate: '300', rollout: { offline: { policy: 'wait', wait: '10m' } } }),
      'Slow canary',
    );
    const waiting = await fleet().rollout((rollout) => rollout.release.subject === 'Slow canary');
    const { items: waves } = await fleet().api.get(`/v1/rollouts/${waiting.id}/waves`, pageOf(RolloutWave));
    expect(waves.map((wave) => wave.state).slice(1)).toEqual(['pending']);
    fleet().agents['canary']?.start();
    const done = await fleet().rollout((rollout) => rollout.id === waiting.id && rollout.state === 'succeeded');
    expect(done.reason).toBeNull();
  });
});
