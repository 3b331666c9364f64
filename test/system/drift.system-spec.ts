import { DriftItem, DriftReport, pageOf } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { shop } from '../fixtures/shop.ts';
import { useFleet } from '../harness/fleet.ts';

describe('drift', () => {
  const fleet = useFleet({ clusters: { solo: { ring: 'canary' } } });
  const namespace = () => `${fleet().prefix}-orders`;
  const kubectl = (...args: string[]) =>
    fleet()
      .cluster('solo')
      .kubectl(['-n', namespace(), ...args]);
  const items = async (query = '') =>
    (await fleet().api.get(`/v1/drift?cluster=solo${query}`, pageOf(DriftItem))).items;
  const rate = async () => (await kubectl('get', 'configmap', 'limits', '-o', 'jsonpath={.data.rate}')).stdout;

  beforeAll(async () => {
    await fleet().push(shop({ prefix: fleet().prefix }), 'Good');
    await fleet().rollout((rollout) => rollout.state === 'succeeded');
  }, 90_000);

  it('of a field edited with kubectl is reported with who and what, and put back', async () => {
    await kubectl('patch', 'configmap', 'limits', '--type', 'merge', '-p', '{"data":{"rate":"9999"}}');
    const item = await eventually(
      async () => {
        const found = (await items()).find((each) => each.path === '/data/rate');
        if (!found) throw new Error('not reported yet');
        return found;
      },
      { timeoutMs: 2_000 },
    );
    expect(item).toMatchObject({ desired: '100', live: '9999', manager: 'kubectl-patch', confidence: 'high' });
    await eventually(async () => expect(await rate()).toBe('100'));
    await eventually(async () => {
      expect((await items()).find((each) => each.id === item.id)).toMatchObject({ state: 'corrected' });
    });
  });

  it('of a deleted object is reported and the object comes back', async () => {
    await kubectl('delete', 'configmap', 'limits');
    await eventually(async () => expect(await rate()).toBe('100'));
    await eventually(async () => {
      expect((await items()).find((each) => each.change === 'object-deleted')).toMatchObject({
        object: `/ConfigMap/${namespace()}/limits`,
        state: 'corrected',
      });
    });
  });

  it('is not what the server or a controller adds', async () => {
    const before = (await items()).length;
    await kubectl('annotate', 'deployment', 'orders', 'example.dev/note=from-somebody');
    await kubectl('rollout', 'restart', 'deployment/orders');
    await kubectl('rollout', 'status', 'deployment/orders', '--timeout=30s');
    expect((await items()).filter((each) => each.change !== 'unmanaged')).toHaveLength(before);
  });

  it('is counted in the report', async () => {
    const report = await fleet().api.get('/v1/drift/report?groupBy=manager', DriftReport);
    expect(report.totals.corrected).toBeGreaterThanOrEqual(2);
    expect(report.groups.map((group) => group.key)).toContain('kubectl-patch');
  });

  it('is only reported when the app says so', async () => {
    await fleet().push(shop({ prefix: fleet().prefix, driftMode: 'report' }), 'Report only');
    await eventually(
      async () => {
        await kubectl('patch', 'configmap', 'limits', '--type', 'merge', '-p', '{"data":{"rate":"5"}}');
        const open = (await items('&state=open')).find((each) => each.path === '/data/rate');
        expect(open).toMatchObject({ live: '5' });
      },
      { timeoutMs: 20_000 },
    );
    expect(await rate()).toBe('5');
  });
});
