import { allItems, answer, defined } from '@fairlead/shared/client';
import type { Target } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { View } from '../../output/printer.ts';
import { ago, paintState, short } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';
import { showAndWatch } from '../../watch.ts';

interface ListOptions {
  app?: string;
  cluster?: string;
  group?: string;
  watch?: true;
}

export function addTargetsList(targets: Command, terminal: Terminal): void {
  targets
    .command('list')
    .description('every app on every cluster: what it runs and how it is')
    .option('--app <app>', 'only one app')
    .option('--cluster <cluster>', 'only one cluster')
    .option('--group <group>', 'only the apps of one group')
    .option('--watch', 'show again whenever something changes')
    .action(
      action<[], ListOptions>(terminal, async (context) => {
        const { app, cluster, group, watch } = context.options;
        const read = () =>
          allItems((cursor) =>
            answer(
              context.client.GET('/v1/targets', {
                params: { query: defined({ limit: 500, cursor, app, cluster, group }) },
              }),
            ),
          );
        const view = targetView(terminal);
        if (watch !== true) return context.printer.list(await read(), view);
        await showAndWatch(context, true, async () => context.printer.listText(await read(), view));
      }),
    );
}

function targetView(terminal: Terminal): View<Target> {
  return {
    name: (target) => `${target.app}/${target.cluster}`,
    empty: 'No targets yet: no release has reached a cluster.',
    columns: [
      { title: 'APP', value: (target) => target.app },
      { title: 'CLUSTER', value: (target) => target.cluster },
      { title: 'HEALTH', value: (target) => paintState(target.health, terminal.paint) },
      { title: 'RELEASE', value: releaseOf },
      { title: 'DRIFT', value: (target) => (target.openDrift === 0 ? '' : `${target.openDrift} open`) },
      { title: 'AS OF', value: (target) => ago(target.asOf, terminal.now()) },
      { title: 'TROUBLE', value: troubleOf },
      { title: 'GROUP', value: (target) => target.group, isWide: true },
      { title: 'DIGEST', value: (target) => short(target.digest), isWide: true },
      { title: 'COUNTER', value: (target) => String(target.counter), isWide: true },
    ],
  };
}

function releaseOf(target: Target): string {
  const release = target.release === null ? '-' : `#${target.release.number} ${short(target.release.commit)}`;
  const isThere = target.acknowledged?.digest === target.digest && target.acknowledged.phase === 'applied';
  return `${release}${isThere ? '' : ' (not yet applied)'}${target.mode === 'frozen' ? ' (frozen)' : ''}`;
}

function troubleOf(target: Target): string {
  const held = target.pruneHold === null ? [] : [`prune held: ${target.pruneHold.reason} (${target.pruneHold.count})`];
  return [...target.failing.map((failing) => `${failing.object}: ${failing.reason}`), ...held].join('; ');
}
