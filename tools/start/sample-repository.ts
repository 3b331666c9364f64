import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '@fairlead/shared/kernel';
import { answer } from '@fairlead/shared/client';
import type { Source } from '@fairlead/shared/contracts';
import { nodeArguments, nodeBinary } from '../node-binary.mjs';
import { git } from './git.ts';
import type { LocalHub } from './hub.ts';
import { home, paths } from './paths.ts';
import { StartError } from './start-error.ts';
import { waitUntil } from './wait-until.ts';

const sourceName = 'demo';
export const sampleGroup = 'shop-platform';

/** Makes the sample repository and its working copy, once; people change them afterwards. */
export async function prepareRepository(image: string | null): Promise<void> {
  if (!existsSync(join(paths.demoBare, 'HEAD'))) {
    mkdirSync(paths.demoBare, { recursive: true });
    await git(home, 'init', '--quiet', '--bare', '--initial-branch=main', paths.demoBare);
  }
  writeHook();
  if (existsSync(join(paths.demoWork, '.git'))) return;
  await git(home, 'clone', '--quiet', paths.demoBare, paths.demoWork);
  await git(paths.demoWork, 'config', 'user.name', 'Fairlead sample');
  await git(paths.demoWork, 'config', 'user.email', 'sample@fairlead.example');
  if ((await git(paths.demoBare, 'branch', '--list', 'main')) !== '') return;
  await git(paths.demoWork, 'checkout', '--quiet', '-B', 'main');
  cpSync(paths.sample, paths.demoWork, { recursive: true });
  if (image !== null) useImage(image);
  await git(paths.demoWork, 'add', '--all');
  await git(paths.demoWork, 'commit', '--quiet', '--message', 'gateway and orders');
  await git(paths.demoWork, 'push', '--quiet', 'origin', 'main');
}

/** Has the hub follow the repository, and waits until it has read the newest commit. */
export async function followRepository(hub: LocalHub): Promise<Source> {
  const url = pathToFileURL(paths.demoBare).href;
  const existing = await findSource(hub);
  if (existing === null) {
    const webhookSecret = randomBytes(24).toString('base64url');
    const body = { name: sourceName, url, ref: 'main', pollIntervalSeconds: 60, webhookSecret };
    await answer(hub.client.POST('/v1/sources', { body }));
    writeWebhook(hub, webhookSecret);
  } else {
    if (existing.url !== url) {
      throw new StartError(
        `the hub follows ${existing.url}, but this working copy is elsewhere now`,
        'Begin anew with "npm start -- --fresh".',
      );
    }
    writeWebhook(hub, (JSON.parse(readFileSync(paths.webhook, 'utf8')) as { secret: string }).secret);
    await answer(hub.client.POST('/v1/sources/{name}/sync', { params: { path: { name: sourceName } } }));
  }
  const head = await git(paths.demoBare, 'rev-parse', 'main');
  return waitUntil('reading the repository', 60_000, async () => {
    const source = await findSource(hub);
    if (source?.state === 'degraded')
      throw new StartError(`the source is degraded: ${source.reason}`, 'See .fairlead/logs/hub.log.');
    return source?.commit === head ? source : null;
  });
}

function useImage(image: string): void {
  const [, name = image, tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(image) ?? [];
  for (const app of ['gateway', 'orders']) {
    const file = join(paths.demoWork, 'apps', app, 'base', 'kustomization.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/newTag: .*(?= \})/, `newName: ${name}, newTag: '${tag}'`));
  }
}

async function findSource(hub: LocalHub): Promise<Source | null> {
  try {
    return await answer(hub.client.GET('/v1/sources/{name}', { params: { path: { name: sourceName } } }));
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.kind === 'not_found') return null;
    throw thrown;
  }
}

// The port may be another one than last time.
function writeWebhook(hub: LocalHub, secret: string): void {
  const content = { url: `${hub.url}/hooks/generic/${sourceName}`, secret };
  writeFileSync(paths.webhook, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}

// Tells the hub about every push, as a Git host would by its webhook.
function writeHook(): void {
  const hook = join(paths.demoBare, 'hooks', 'post-receive');
  const program = [nodeBinary(), ...nodeArguments, join(import.meta.dirname, 'post-receive.ts')];
  mkdirSync(join(paths.demoBare, 'hooks'), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\nexec ${program.map((part) => `'${part}'`).join(' ')}\n`);
  chmodSync(hook, 0o755);
}
