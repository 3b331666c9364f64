import { allItems, answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { showAndWatch } from '../../watch.ts';
import { targetView } from './target-view.ts';

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
