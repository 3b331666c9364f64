import { useApplyStory } from '../../harness/apply-story.ts';
import { driftOfNoise } from '../../harness/noise-story.ts';

describe('what others write beside an app', () => {
  const story = useApplyStory('noise-long');

  it('is never told as drift in twenty thousand writes', async () => {
    expect(await driftOfNoise(story(), 20_000, 1)).toEqual([]);
  });
});
