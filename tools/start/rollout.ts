import { allItems, answer, defined, followRollout } from '@fairlead/shared/client';
import type { App, Target } from '@fairlead/shared/contracts';
import { LiveBlock } from '../../apps/cli/src/output/live-block.ts';
import { rolloutLines } from '../../apps/cli/src/output/rollout-lines.ts';
import type { LocalHub } from './hub.ts';
import { sampleGroup } from './sample-repository.ts';
import type { Screen } from './screen.ts';
import { StartError } from './start-error.ts';
import { waitUntil } from './wait-until.ts';

const appsPerCluster = 2;
const rolloutWithinMs = 300_000;

/** Shows the group's newest rollout until it is at rest. */
export async function showRollout(hub: LocalHub, screen: Screen): Promise<void> {
  const id = await waitUntil('the first release', 60_000, () => newestRollout(hub));
  const block = new LiveBlock(screen);
  const signal = AbortSignal.timeout(rolloutWithinMs);
  for await (const { rollout, targets } of followRollout({ baseUrl: hub.url, token: hub.token, id, signal })) {
    const moment = { paint: screen.paint, nowMs: Date.now(), isLive: screen.isLive };
    block.draw(rolloutLines(rollout, targets, moment).map((line) => `  ${line}`));
  }
}

/** Waits until both apps are healthy, on what they should run, on each of these clusters; says what is not otherwise. */
export async function waitForHealth(hub: LocalHub, clusters: readonly string[]): Promise<number> {
  const expected = clusters.length * appsPerCluster;
  let seen: readonly Target[] = [];
  await waitUntil(
    'becoming healthy',
    60_000,
    async () => {
      const all = await allItems((cursor) =>
        answer(
          hub.client.GET('/v1/targets', { params: { query: defined({ limit: 500, cursor, group: sampleGroup }) } }),
        ),
      );
      seen = all.filter((target) => clusters.includes(target.cluster));
      return seen.length >= expected && seen.every(isHealthy) ? true : null;
    },
    () => explain(seen, expected),
  );
  return seen.length;
}

function isHealthy(target: Target): boolean {
  return target.health === 'healthy' && target.acknowledged?.digest === target.digest;
}

function explain(targets: readonly Target[], expected: number): string {
  const missing = targets.length < expected ? [`only ${targets.length} of ${expected} targets have a release`] : [];
  const unwell = targets
    .filter((target) => !isHealthy(target))
    .map((target) => {
      const why = target.failing.map((failing) => `${failing.object}: ${failing.reason} ${failing.message}`).join('; ');
      return `${target.app} on ${target.cluster} is ${target.health}${why === '' ? '' : ` (${why})`}`;
    });
  return [...missing, ...unwell].join('\n  ');
}

async function newestRollout(hub: LocalHub): Promise<number | null> {
  const query = { limit: 1, group: sampleGroup };
  const { items } = await answer(hub.client.GET('/v1/rollouts', { params: { query } }));
  const newest = items[0];
  if (newest !== undefined) return newest.id;
  const apps = await answer(hub.client.GET('/v1/apps', { params: { query: { limit: 100 } } }));
  const invalid = apps.items.find((app) => app.errors.length > 0);
  if (invalid !== undefined)
    throw new StartError(`the sample cannot be read: ${errorsOf(invalid)}`, 'See .fairlead/demo.');
  return null;
}

function errorsOf(app: App): string {
  return app.errors.map((error) => `${error.file}:${error.line ?? 1} ${error.message}`).join('; ');
}
