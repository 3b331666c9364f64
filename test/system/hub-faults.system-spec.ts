import { eventually } from '@fairlead/shared/test-kit';
import { canaryThenRest, shop } from '../fixtures/shop.ts';
import { threeRings, useFleet } from '../harness/fleet.ts';

const soakedWaves = [
  { ...canaryThenRest[0], gates: { soak: '2s' } },
  { name: 'early', clusters: { matchLabels: { ring: 'early' } }, gates: { soak: '2s' } },
  { name: 'rest', clusters: 'all' },
];

describe('a hub that dies in the middle of a rollout', () => {
  const fleet = useFleet({ clusters: threeRings });

  it.each([
    ['wave 1', 0, '101'],
    ['wave 2', 1, '102'],
  ])('in %s continues exactly where it was', async (_, wave, rate) => {
    const { prefix } = fleet();
    const subject = `Rate ${rate}`;
    await fleet().push(shop({ prefix, waves: soakedWaves, rate }), subject);
    const interrupted = await fleet().rollout(
      (rollout) =>
        rollout.release.subject === subject && ['running', 'soaking'].includes(rollout.waves[wave]?.state ?? ''),
    );
    await fleet().hub.kill9();
    await fleet().hub.restart();
    const done = await fleet().rollout((rollout) => rollout.id === interrupted.id && rollout.state === 'succeeded');
    expect(done.waves.map((each) => each.state)).toEqual(['passed', 'passed', 'passed']);
    for (const target of await fleet().targetsOf(done)) expect(target.state).toBe('done');
    for (const name of Object.keys(threeRings)) {
      const { stdout } = await fleet()
        .cluster(name)
        .kubectl(['-n', `${prefix}-orders`, 'get', 'configmap', 'limits', '-o', 'jsonpath={.data.rate}']);
      expect(stdout).toBe(rate);
    }
  });

  it('counts no cluster as failed after an outage longer than every deadline', async () => {
    const { prefix } = fleet();
    const subject = 'Outage';
    await fleet().push(
      shop({ prefix, waves: soakedWaves, rate: '103', rollout: { progressDeadline: '3s', degradedGrace: '1s' } }),
      subject,
    );
    const started = await fleet().rollout((rollout) => rollout.release.subject === subject);
    await fleet().hub.kill9();
    const outage = performance.now() + 6_000;
    await eventually(() => expect(performance.now()).toBeGreaterThan(outage));
    await fleet().hub.restart();
    const done = await fleet().rollout((rollout) => rollout.id === started.id && rollout.finishedAt !== null);
    expect(done.state).toBe('succeeded');
  });

  it('has a ledger that still verifies', async () => {
    await eventually(async () => {
      const { LedgerVerification } = await import('@fairlead/shared/contracts');
      const verdict = await fleet().api.get('/v1/ledger/verify', LedgerVerification);
      expect(verdict).toMatchObject({ intact: true, unsealed: 0 });
    });
  });
});
