import { RolloutPlan } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { shop } from '../fixtures/shop.ts';
import { useFleet } from '../harness/fleet.ts';

describe('pruning', () => {
  const fleet = useFleet({ clusters: { solo: { ring: 'canary' } } });
  const names = async () => {
    const { stdout } = await fleet()
      .cluster('solo')
      .kubectl(['-n', `${fleet().prefix}-gateway`, 'get', 'configmaps,services,deployments', '-o', 'name']);
    return stdout.split('\n').filter((line) => line && !line.includes('kube-root-ca'));
  };
  const gateway = async () => (await fleet().targets()).find((target) => target.app.endsWith('-gateway'));
  const parts = (count: number) =>
    Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [
        `apps/gateway/manifests/part-${index}.yaml`,
        index < count
          ? JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `part-${index}` }, data: {} })
          : null,
      ]),
    );

  beforeAll(async () => {
    await fleet().push(shop({ prefix: fleet().prefix, extra: parts(12) }), 'Twelve parts');
    await fleet().rollout((rollout) => rollout.state === 'succeeded');
  }, 90_000);

  it('removes what left Git once the rest is healthy', async () => {
    expect(await names()).toHaveLength(14);
    await fleet().push(shop({ prefix: fleet().prefix, extra: parts(11) }), 'Eleven parts');
    await fleet().rollout((rollout) => rollout.release.subject === 'Eleven parts' && rollout.state === 'succeeded');
    await eventually(async () => expect(await names()).toHaveLength(13));
    expect(await names()).not.toContain('configmap/part-11');
  });

  it('holds a commit that deletes most objects until a person confirms, and says so', async () => {
    await fleet().push(shop({ prefix: fleet().prefix, extra: parts(0) }), 'No parts');
    const held = await fleet().rollout(
      (rollout) => rollout.release.subject === 'No parts' && rollout.state === 'awaitingStart',
    );
    expect(held.reason).toMatch(/delete/);
    expect(await names()).toHaveLength(13);

    const { prefix: group } = fleet();
    await expect(fleet().api.send('POST', '/v1/rollouts', { group })).rejects.toMatchObject({ status: 409 });
    const { planHash } = await fleet().api.post('/v1/rollout-plans', { group }, RolloutPlan);
    await fleet().api.send('POST', '/v1/rollouts', { group, planHash, reason: 'they are not needed any more' });
    await fleet().rollout((rollout) => rollout.id === held.id && rollout.state === 'succeeded');
    await eventually(async () => expect(await names()).toHaveLength(2));
    await fleet().push(shop({ prefix: fleet().prefix, extra: parts(11) }), 'Parts again');
    await fleet().rollout((rollout) => rollout.release.subject === 'Parts again' && rollout.state === 'succeeded');
  });

  it('refuses an empty render: nothing is deleted and the reason is visible', async () => {
    const files = shop({ prefix: fleet().prefix, extra: parts(0) });
    files['apps/gateway/manifests/gateway.yaml'] = '# nothing here any more\n';
    await fleet().push(files, 'Empty');
    await eventually(
      async () => {
        const newest = await fleet().rollout((rollout) => rollout.release.subject === 'Empty');
        expect(newest.state).toBe('awaitingStart');
        expect(newest.reason).toMatch(/all objects|empty/i);
      },
      { timeoutMs: 20_000 },
    );
    expect(await names()).toHaveLength(13);
    expect((await gateway())?.health).toBe('healthy');
  });

  it('keeps the objects of an app that vanished from Git', async () => {
    const files = shop({ prefix: fleet().prefix });
    const withoutGateway = Object.fromEntries(
      Object.keys({ ...files, ...parts(12) })
        .filter((path) => path.startsWith('apps/gateway/'))
        .map((path) => [path, null]),
    );
    await fleet().push(withoutGateway, 'Gateway gone');
    const { App } = await import('@fairlead/shared/contracts');
    await eventually(async () => {
      expect((await fleet().api.get(`/v1/apps/${fleet().prefix}-gateway`, App)).state).toBe('orphan-candidate');
    });
    expect(await names()).toHaveLength(13);
  });
});
