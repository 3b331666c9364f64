import { shop } from '../fixtures/shop.ts';
import { threeRings, useFleet } from '../harness/fleet.ts';
import { describeWithRedis, useRedis } from '../harness/redis.ts';

describeWithRedis('with Redis as the queue backend', () => {
  const redis = useRedis();
  const fleet = useFleet({ clusters: threeRings, redisUrl: () => redis().url });

  it('a release rolls out in waves', async () => {
    await fleet().push(shop({ prefix: fleet().prefix }), 'Good');
    const done = await fleet().rollout((rollout) => rollout.state === 'succeeded');
    expect(done.waves.map((wave) => wave.state)).toEqual(['passed', 'passed']);
  });

  it('a bad release rolls back', async () => {
    const { prefix } = fleet();
    await fleet().push(shop({ prefix, image: 'orders:nope', rollout: { progressDeadline: '10s' } }), 'Bad');
    const back = await fleet().rollout(
      (rollout) => rollout.release.subject === 'Bad' && rollout.state === 'rolledBack',
    );
    expect(back.waves[1]?.counts.done).toBe(0);
    expect((await fleet().group()).hold).not.toBeNull();
  });
});
