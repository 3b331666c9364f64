import { useStory } from '../../harness/agent-story.ts';
import { countWrites, killAt } from './kill-positions.ts';
import type { KillPosition } from './kill-positions.ts';

const positions = 6;

/** A sample; `kill.long-spec.ts` takes every position. */
describe('an agent that is killed with SIGKILL in the middle of a release', () => {
  const story = useStory('kill');
  const seed = Number(process.env['FAIRLEAD_TEST_SEED'] ?? Date.now() % 100_000);
  const random = generator(seed);

  it('[case 195] leaves what an undisturbed run leaves, wherever it was killed', async () => {
    const writes = await countWrites(story(), false);
    expect(writes).toBeGreaterThan(20);
    for (let index = 0; index < positions; index += 1) {
      const position: KillPosition = {
        write: 1 + Math.floor(random() * writes),
        side: index % 2 === 0 ? 'before' : 'after',
        state: index % 3 === 2 ? 'lost' : 'kept',
        namespaceLeaves: false,
      };
      await killAt(story(), position).catch((error: unknown) => {
        throw new Error(`at ${JSON.stringify(position)} of ${writes} writes, FAIRLEAD_TEST_SEED=${seed}`, {
          cause: error,
        });
      });
    }
  }, 300_000);
});

/** The same numbers for the same seed, everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
