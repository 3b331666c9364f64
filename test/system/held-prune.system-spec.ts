import { TargetDetail } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { stringify } from '../fixtures/yaml-text.ts';
import { useFleet } from '../harness/fleet.ts';

describe('deletions that only the agent can know of', () => {
  const fleet = useFleet({ clusters: { solo: { ring: 'canary' } } });

  const files = (count: number, prune: Record<string, unknown>) => ({
    'fairlead.yaml': stringify({
      apiVersion: 'fairlead.dev/v1',
      kind: 'App',
      metadata: { name: `${fleet().prefix}-parts` },
      spec: {
        namespace: `${fleet().prefix}-parts`,
        createNamespace: true,
        render: { path: 'manifests' },
        rollout: { group: fleet().prefix },
        prune,
      },
    }),
    ...Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [
        `manifests/part-${index}.yaml`,
        index < count
          ? stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `part-${index}` }, data: {} })
          : null,
      ]),
    ),
  });
  const release = async (subject: string, count: number, prune: Record<string, unknown>) => {
    await fleet().push(files(count, prune), subject);
    await fleet().rollout((rollout) => rollout.release.subject === subject && rollout.state === 'succeeded');
  };
  const parts = async () => {
    const { stdout } = await fleet()
      .cluster('solo')
      .kubectl(['-n', `${fleet().prefix}-parts`, 'get', 'configmaps', '-o', 'name']);
    return stdout.split('\n').filter((line) => line.includes('part-')).length;
  };
  const path = () => `/v1/targets/${fleet().prefix}-parts/solo`;
  const target = () => fleet().api.get(path(), TargetDetail);

  it('wait for a person, who agrees to exactly that set without a rollout', async () => {
    await release('Nine parts', 9, { enabled: false });
    await release('One part', 1, { enabled: false });
    await release('Prune', 1, { enabled: true });

    const held = await eventually(async () => {
      const shown = await target();
      if (shown.pruneHold === null) throw new Error('nothing is held back yet');
      return { ...shown, pruneHold: shown.pruneHold };
    });
    expect(held).toMatchObject({
      health: 'healthy',
      confirmedPrune: null,
      pruneHold: { reason: 'mass-prune', count: 8 },
    });
    expect(held.pruneHold.objects).toHaveLength(8);
    expect(await parts()).toBe(9);

    const { hash } = held.pruneHold;
    await expect(
      fleet().api.send('POST', `${path()}/confirm-prune`, { hash: hash.replaceAll(/[0-9]/g, '0') }),
    ).rejects.toMatchObject({ status: 409, code: 'target.prune-not-held' });
    await fleet().api.send('POST', `${path()}/confirm-prune`, { hash, reason: 'left over from before' });

    await eventually(async () => expect(await parts()).toBe(1), { timeoutMs: 20_000 });
    const after = await eventually(async () => {
      const shown = await target();
      if (shown.pruneHold !== null) throw new Error('the agent has not said yet that it is done');
      return shown;
    });
    expect(after).toMatchObject({ health: 'healthy', counter: held.counter, digest: held.digest });
  });
});
