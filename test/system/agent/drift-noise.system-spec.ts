import { useApplyStory } from '../../harness/apply-story.ts';
import { driftOfNoise } from '../../harness/noise-story.ts';

describe('what others write beside an app', () => {
  const story = useApplyStory('noise');

  it('is never told as drift, in a sample', async () => {
    expect(await driftOfNoise(story(), 300, 20_260_101)).toEqual([]);
  }, 120_000);
});
