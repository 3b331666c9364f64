// `npm run demo -- …`: things to do to a fleet that `npm start` brought up.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { git } from './git.ts';
import { outcomeOf } from './outcome.ts';
import { home, paths } from './paths.ts';

const usage = `npm run demo -- <what>

  bad-release [image tag]        commit an image that cannot be pulled (nope) or crashes (crash)
  fix-release                    commit an image that works
  change [rate]                  commit another rate limit: a small, good release
  typo                           commit a kustomization with a mistake: the last good release stays
  cut <cluster> [seconds]        cut an agent's way to the hub, for a minute unless said otherwise
  edit [cluster] [value]         change a ConfigMap by kubectl, behind the back of Git
  delete [cluster]               delete a Service by kubectl
`;

const kustomization = 'apps/orders/base/kustomization.yaml';

async function main([what, ...rest]: readonly string[]): Promise<number> {
  if (what === undefined || what === 'help' || what === '--help') return say(usage, 0);
  if (!existsSync(paths.demoWork))
    return say('There is no sample yet: run "npm start" in another terminal first.\n', 1);
  switch (what) {
    case 'bad-release':
      return release(rest[0] ?? 'nope', 'orders: new image');
    case 'fix-release':
      return release(nextGoodTag(), 'orders: image that works');
    case 'change':
      return commit(
        'apps/gateway/base/routes.json',
        /"requests": \d+/,
        `"requests": ${limit(rest[0])}`,
        'gateway: another rate limit',
      );
    case 'typo':
      return commit(kustomization, /^(resources|resorces):/m, 'resorces:', 'typo');
    case 'cut':
      return cut(rest[0] ?? 'rest-1', rest[1] ?? '60');
    case 'edit':
      return edit(rest[0] ?? 'rest-1', rest[1] ?? '9999');
    case 'delete':
      return kubectl(rest[0] ?? 'rest-1', ['delete', 'service', 'api', '--wait=false']);
    default:
      return say(`There is no "${what}".\n\n${usage}`, 2);
  }
}

// Without one given: one that differs from that of the call before.
function limit(text: string | undefined): number {
  const given = Number(text);
  return Number.isInteger(given) && given > 0 ? given : 100 + (Math.floor(Date.now() / 1000) % 3600);
}

function release(tag: string, message: string): Promise<number> {
  return commit(kustomization, /newTag: .*(?= \})/, `newTag: '${tag}'`, message);
}

// Counts up from what is there, so that each fix is a release of its own; back from a broken tag to one above the last good.
function nextGoodTag(): string {
  const recorded = spawnSync('git', ['-C', paths.demoWork, 'log', '--format=', '--patch', '--', kustomization]).stdout;
  const minors = [...recorded.toString().matchAll(/newTag: '1\.(\d+)'/g)].map(([, minor]) => Number(minor));
  return `1.${Math.max(0, ...minors) + 1}`;
}

async function commit(file: string, before: RegExp, after: string, message: string): Promise<number> {
  await git(paths.demoWork, 'pull', '--quiet', '--rebase', '--autostash', 'origin', 'main');
  const path = join(paths.demoWork, file);
  const text = repaired(readFileSync(path, 'utf8'), after).replace(before, after);
  writeFileSync(path, text);
  await git(paths.demoWork, 'add', '--all');
  if ((await git(paths.demoWork, 'status', '--porcelain')) === '')
    return say('Git has that already; nothing was committed.\n', 1);
  await git(paths.demoWork, 'commit', '--quiet', '--message', message);
  await git(paths.demoWork, 'push', '--quiet', 'origin', 'HEAD:main');
  const id = (await git(paths.demoWork, 'rev-parse', '--short', 'HEAD')).trim();
  return say(`Committed and pushed ${id} "${message}". ${await outcomeOf(id)}\n`, 0);
}

// A release after "typo" would only repeat the mistake.
function repaired(text: string, after: string): string {
  return after === 'resorces:' ? text : text.replace(/^resorces:/m, 'resources:');
}

function cut(cluster: string, seconds: string): Promise<number> {
  return new Promise((resolve) => {
    const path = `/cut?${new URLSearchParams({ cluster, seconds }).toString()}`;
    const call = request({ socketPath: paths.control, method: 'POST', path }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        if (response.statusCode !== 200) return resolve(say(`That is not possible; ${body}\n`, 2));
        resolve(say(`${cluster} is cut off for ${seconds} s.\nWatch: npx fairlead clusters list --watch\n`, 0));
      });
    });
    call.on('error', () => resolve(say('Nothing is running here: "npm start" in another terminal comes first.\n', 6)));
    call.end();
  });
}

function edit(cluster: string, value: string): number {
  const patch = JSON.stringify({ data: { rate: value } });
  return kubectl(cluster, ['patch', 'configmap', 'limits', '--type', 'merge', '--patch', patch]);
}

function kubectl(cluster: string, args: readonly string[]): number {
  const kubeconfig = join(paths.clusters, `${cluster}.yaml`);
  if (!existsSync(kubeconfig)) return say(`There is no ${kubeconfig}.\n`, 4);
  const all = [
    '--kubeconfig',
    kubeconfig,
    '--cache-dir',
    join(home, 'kubectl-cache'),
    '--namespace',
    'orders',
    ...args,
  ];
  process.stdout.write(`kubectl ${['-n', 'orders', ...args].join(' ')}\n`);
  return spawnSync(join(paths.bin, 'kubectl'), all, { stdio: 'inherit' }).status ?? 1;
}

function say(text: string, code: number): number {
  (code === 0 ? process.stdout : process.stderr).write(text);
  return code;
}

process.exitCode = await main(process.argv.slice(2));
