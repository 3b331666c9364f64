import { eventually } from '@fairlead/shared/test-kit';
import { canaryThenRest, shop } from '../fixtures/shop.ts';
import { threeRings, useFleet } from '../harness/fleet.ts';

describe('a release that does not become healthy', () => {
  const fleet = useFleet({ clusters: threeRings });
  const imageOn = async (cluster: string) => {
    const { stdout } = await fleet()
      .cluster(cluster)
      .kubectl([
        '-n',
        `${fleet().prefix}-orders`,
        'get',
        'deployment',
        'orders',
        '-o',
        'jsonpath={.spec.template.spec.containers[0].image}',
      ]);
    return stdout;
  };

  it('goes back on the clusters it touched and never reaches the others', async () => {
    const { prefix } = fleet();
    await fleet().push(shop({ prefix, rollout: { progressDeadline: '15s' } }), 'Good');
    await fleet().rollout((rollout) => rollout.state === 'succeeded');
    const before = new Map((await fleet().targets()).map((target) => [`${target.app} ${target.cluster}`, target]));

    await fleet().push(shop({ prefix, image: 'orders:nope', rollout: { progressDeadline: '15s' } }), 'Bad image');
    const back = await fleet().rollout((rollout) => rollout.state === 'rolledBack');

    expect(await imageOn('canary')).toBe('registry.example/orders:1');
    for (const target of await fleet().targets()) {
      const old = before.get(`${target.app} ${target.cluster}`);
      expect(target.digest).toBe(old?.digest);
      if (target.cluster !== 'canary') expect(target.counter).toBe(old?.counter);
    }
    const failed = (await fleet().targetsOf(back)).find(
      (target) => target.cluster === 'canary' && target.app === `${prefix}-orders`,
    );
    expect(failed?.state).toBe('rolledBack');
    expect(failed?.reason).toMatch(/orders/);
    const group = await fleet().group();
    expect(group.hold).not.toBeNull();
    expect(group.quarantine).toMatchObject([{ app: `${prefix}-orders`, cluster: 'canary' }]);
  });

  it('stays held while a later, unrelated commit still contains it', async () => {
    const { prefix } = fleet();
    const settled = await fleet().rollout(() => true);
    await fleet().push(
      shop({
        prefix,
        image: 'orders:nope',
        rollout: { progressDeadline: '15s' },
        extra: { 'apps/gateway/manifests/note.yaml': note(prefix) },
      }),
      'Unrelated',
    );
    await eventually(async () => {
      expect((await fleet().group()).blocked).toMatch(new RegExp(`quarantined.*${prefix}-orders.*canary`));
    });
    expect((await fleet().rollout(() => true)).id).toBe(settled.id);
    expect(await imageOn('canary')).toBe('registry.example/orders:1');
  });

  it('ends the hold by itself with the first release that does not contain it', async () => {
    const { prefix } = fleet();
    await fleet().push(shop({ prefix, image: 'orders:2' }), 'Fixed');
    await fleet().rollout((rollout) => rollout.release.subject === 'Fixed' && rollout.state === 'succeeded');
    expect((await fleet().group()).hold).toBeNull();
    for (const name of Object.keys(threeRings)) expect(await imageOn(name)).toBe('registry.example/orders:2');
  });

  it('is noticed even when the canary was healthy for a while', async () => {
    const { prefix } = fleet();
    const waves = [{ ...canaryThenRest[0], gates: { soak: '20s' } }, canaryThenRest[1]];
    await fleet().push(shop({ prefix, image: 'orders:crash-later', waves }), 'Crashes later');
    await fleet().rollout((rollout) => rollout.waves[0]?.state === 'soaking');
    const back = await fleet().rollout(
      (rollout) => rollout.release.subject === 'Crashes later' && rollout.state === 'rolledBack',
    );
    expect(back.waves[1]?.counts.done).toBe(0);
    expect(await imageOn('early')).toBe('registry.example/orders:2');
  });
});

describe('a first install that fails', () => {
  const fleet = useFleet({ clusters: threeRings });

  it('is frozen where it is, deletes nothing, and later waves never see it', async () => {
    const { prefix } = fleet();
    await fleet().push(shop({ prefix, image: 'orders:nope', rollout: { progressDeadline: '10s' } }), 'First and bad');
    await eventually(
      async () => {
        const target = (await fleet().targets()).find(
          (each) => each.app === `${prefix}-orders` && each.cluster === 'canary',
        );
        expect(target?.mode).toBe('frozen');
      },
      { timeoutMs: 60_000 },
    );
    const rollout = await fleet().rollout((each) => each.finishedAt !== null || each.state === 'halted');
    const frozen = (await fleet().targetsOf(rollout)).find(
      (each) => each.app === `${prefix}-orders` && each.cluster === 'canary',
    );
    expect(frozen?.reason).toMatch(/nothing to go back to/);
    const { code } = await fleet()
      .cluster('canary')
      .kubectl(['-n', `${prefix}-orders`, 'get', 'deployment', 'orders']);
    expect(code).toBe(0);
    const untouched = await fleet()
      .cluster('early')
      .kubectl(['get', 'namespace', `${prefix}-orders`]);
    expect(untouched.code).not.toBe(0);
  });
});

function note(prefix: string): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'note' }, data: { of: prefix } });
}
