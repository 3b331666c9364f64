import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { answer, createFairleadClient, type FairleadClient } from '@fairlead/shared/client';
import { messageOf } from '@fairlead/shared/kernel';
import { paths } from './paths.ts';
import { sampleGroup } from './sample-repository.ts';

const withinMs = 10_000;

/** What the hub made of a commit: the rollout to watch, or why there is none. */
export async function outcomeOf(commit: string): Promise<string> {
  const { url, token } = JSON.parse(readFileSync(paths.cli, 'utf8')) as { url: string; token: string };
  const client = createFairleadClient({ baseUrl: url, token });
  const deadline = Date.now() + withinMs;
  try {
    for (;;) {
      const found = await look(client, commit);
      if (found !== null) return found;
      if (Date.now() > deadline) return 'Watch: npx fairlead status --watch';
      await pause(200);
    }
  } catch (error) {
    return `The hub cannot be asked: ${messageOf(error)}.`;
  }
}

async function look(client: FairleadClient, commit: string): Promise<string | null> {
  const query = { limit: 1, group: sampleGroup };
  const newest = (await answer(client.GET('/v1/rollouts', { params: { query } }))).items[0];
  if (newest?.release.commit.startsWith(commit) === true) return `Watch: npx fairlead rollouts watch ${newest.id}`;
  const group = await answer(client.GET('/v1/groups/{group}', { params: { path: { group: sampleGroup } } }));
  const isRead = group.newestRelease?.commit.startsWith(commit) === true;
  if (isRead && group.blocked !== null) return `It does not roll out: ${group.blocked}. See: npx fairlead status`;
  const apps = await answer(client.GET('/v1/apps', { params: { query: { limit: 100 } } }));
  const invalid = apps.items.find((app) => app.errorsCommit?.startsWith(commit) === true);
  return invalid === undefined ? null : `It cannot be used. See: npx fairlead apps get ${invalid.name}`;
}
