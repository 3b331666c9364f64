import { eventually } from '@fairlead/shared/test-kit';
import { configMap } from '../../fixtures/kube-objects.ts';
import { ApiStub } from '../../harness/api-stub.ts';
import { settle, useStory } from '../../harness/agent-story.ts';

describe('two agents of one cluster', () => {
  const story = useStory('lease');

  it('[case 197] never write both: the one that was frozen finds that its turn is over', async () => {
    await story().release('turn', [configMap('one', { v: '1' })]);
    const other = await ApiStub.start(story().cluster);
    const twin = story().agent.startTwin({ kubeconfig: other.kubeconfig(story().cluster.token) });
    try {
      await eventually(() => expect(twin.output()).toContain('another agent works on this cluster'), settle);
      await story().release('turn', [configMap('one', { v: '2' })]);
      expect(other.writes()).toEqual([]);
      const { pid } = story().agent.program;
      process.kill(pid, 'SIGSTOP');
      const sessions = story().hub.sessions;
      await story().agent.connected(sessions);
      story().stub.forget();
      process.kill(pid, 'SIGCONT');
      await story().release('turn', [configMap('one', { v: '3' })]);
      await eventually(() => expect(story().agent.program.output()).toContain('another agent took over'), settle);
      expect(story().stub.writes()).toEqual([]);
      expect(other.writes().length).toBeGreaterThan(0);
    } finally {
      await twin.stop();
      await other.close();
    }
  }, 90_000);
});
