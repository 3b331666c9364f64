import { useStory } from '../../harness/agent-story.ts';
import { countWrites, killAt } from './kill-positions.ts';
import type { KillPosition } from './kill-positions.ts';

const variants: readonly Omit<KillPosition, 'write' | 'namespaceLeaves'>[] = [
  { side: 'before', state: 'kept' },
  { side: 'after', state: 'kept' },
  { side: 'after', state: 'lost' },
];

describe('an agent that is killed with SIGKILL at every write of a release', () => {
  const story = useStory('kill-all');

  it.each(variants)(
    '[case 195] leaves what an undisturbed run leaves: $side the write, state directory $state',
    async (variant) => {
      const writes = await countWrites(story(), true);
      for (let write = 1; write <= writes; write += 1) {
        await killAt(story(), { write, ...variant, namespaceLeaves: true }).catch((error: unknown) => {
          throw new Error(`at write ${write} of ${writes}`, { cause: error });
        });
      }
    },
  );
});
