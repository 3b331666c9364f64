import { Cluster, DriftItem, pageOf } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { shop } from '../fixtures/shop.ts';
import { useFleet } from '../harness/fleet.ts';

describe('an agent', () => {
  const fleet = useFleet({ clusters: { solo: { ring: 'canary' } }, links: true });
  const limits = async () => {
    const { stdout } = await fleet()
      .cluster('solo')
      .kubectl(['-n', `${fleet().prefix}-orders`, 'get', 'configmap', 'limits', '-o', 'jsonpath={.data.rate}']);
    return stdout;
  };
  const setLimits = (rate: string) =>
    fleet()
      .cluster('solo')
      .kubectl([
        '-n',
        `${fleet().prefix}-orders`,
        'patch',
        'configmap',
        'limits',
        '--type',
        'merge',
        '-p',
        `{"data":{"rate":"${rate}"}}`,
      ]);
  const connection = async () => (await fleet().api.get('/v1/clusters/solo', Cluster)).connection;

  beforeAll(async () => {
    await fleet().push(shop({ prefix: fleet().prefix }), 'Good');
    await fleet().rollout((rollout) => rollout.state === 'succeeded');
  }, 90_000);

  it('killed while it applies finishes after its restart', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `apps/gateway/manifests/part-${index}.yaml`,
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `part-${index}` },
          data: { index: `${index}` },
        }),
      ]),
    );
    await fleet().push(shop({ prefix: fleet().prefix, extra: many }), 'Many parts');
    await eventually(async () => expect(await parts()).toBeGreaterThan(0), { timeoutMs: 20_000 });
    await fleet().agents['solo']?.kill9();
    fleet().agents['solo']?.start();
    await fleet().rollout((rollout) => rollout.release.subject === 'Many parts' && rollout.state === 'succeeded');
    expect(await parts()).toBe(60);
  });

  it('keeps healing while the hub cannot be reached, and tells afterwards what happened', async () => {
    fleet().links['solo']?.cut();
    await setLimits('31337');
    await eventually(async () => expect(await limits()).toBe('100'));
    fleet().links['solo']?.heal();
    await eventually(
      async () => {
        const { items } = await fleet().api.get('/v1/drift?cluster=solo', pageOf(DriftItem));
        expect(items.find((item) => item.live === '31337')).toMatchObject({ state: 'corrected' });
      },
      { timeoutMs: 30_000 },
    );
  });

  it('restarted during a hub outage still heals', async () => {
    fleet().links['solo']?.cut();
    await fleet().agents['solo']?.kill9();
    fleet().agents['solo']?.start();
    await setLimits('4711');
    await eventually(async () => expect(await limits()).toBe('100'), { timeoutMs: 45_000 });
    fleet().links['solo']?.heal();
    await eventually(async () => expect(await connection()).toBe('connected'), { timeoutMs: 60_000 });
  });

  it('started twice for one cluster works once', async () => {
    const twin = fleet().agents['solo']?.startTwin();
    await eventually(() => expect(twin?.output()).toMatch(/another agent works on this cluster/), {
      timeoutMs: 30_000,
    });
    expect(await connection()).toBe('connected');
    await setLimits('2');
    await eventually(async () => expect(await limits()).toBe('100'));
    await twin?.stop();
  });

  it('that is revoked is cut within five seconds and stays out', async () => {
    await fleet().api.send('POST', '/v1/clusters/solo/revoke', { reason: 'test' });
    await eventually(async () => expect(await connection()).toBe('revoked'), { timeoutMs: 5_000 });
    await eventually(() => expect(fleet().agents['solo']?.process().output()).toMatch(/revoked|refused/i));
    const { items } = await fleet().api.get('/v1/targets', pageOf((await import('@fairlead/shared/contracts')).Target));
    expect(items.map((target) => target.health)).toEqual(items.map(() => 'unknown'));
  });

  async function parts(): Promise<number> {
    const { stdout } = await fleet()
      .cluster('solo')
      .kubectl(['-n', `${fleet().prefix}-gateway`, 'get', 'configmaps', '-o', 'name']);
    return stdout.split('\n').filter((line) => line.includes('part-')).length;
  }
});
