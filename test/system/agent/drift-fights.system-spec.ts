import { eventually } from '@fairlead/shared/test-kit';
import { configMap } from '../../fixtures/kube-objects.ts';
import { useApplyStory } from '../../harness/apply-story.ts';
import { DriftTold } from '../../harness/drift-told.ts';

const fightMs = 20_000;

describe('a fight over a field', () => {
  const story = useApplyStory('drift-fights');

  it('[case 101] is slow, names the other side, and touches nobody else', async () => {
    const { agent, stub } = story();
    const assignment = story().assign('fight', [
      configMap('contested', { rate: '1' }),
      configMap('quiet', { rate: '1' }),
    ]);
    await story().healthy(assignment);
    const drift = new DriftTold(agent.hub, 'fight');
    const rewrite = (value: string) =>
      story().patch('configmap/contested', { data: { rate: value } }, '--field-manager=rival-controller');
    const endAt = performance.now() + fightMs;
    const rival = (async () => {
      for (let round = 2; performance.now() < endAt; round += 1) {
        await rewrite(String(round));
        await new Promise((resolve) => setTimeout(resolve, 700));
      }
    })();
    const item = await eventually(
      () => {
        const found = drift.opened.find(({ contended }) => contended);
        if (found === undefined) throw new Error('not contended yet');
        return found;
      },
      { timeoutMs: fightMs },
    );
    expect(item).toMatchObject({ path: '/data/rate', manager: 'rival-controller' });
    agent.hub.expectStatus(assignment, () => true);
    await eventually(() => agent.hub.expectStatus(assignment, ({ contended }) => contended === 1));
    expect(agent.program.output()).toContain('an object is contended');
    await story().patch('configmap/quiet', { data: { rate: '2' } });
    await eventually(async () => expect(await story().at('configmap/quiet', 'data')).toEqual({ rate: '1' }));
    await rival;
    const writes = stub
      .writes()
      .filter(({ url, method }) => method === 'PATCH' && url.includes('/configmaps/contested?'));
    // The first apply, two corrections at once, and one or none a quarter of a minute later.
    expect(writes.length).toBeGreaterThanOrEqual(3);
    expect(writes.length).toBeLessThanOrEqual(4);
  }, 60_000);
});
