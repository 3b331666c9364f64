import { allItems, answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { showAndWatch } from '../../watch.ts';
import { rolloutView } from './rollout-view.ts';

interface ListOptions {
  group?: string;
  limit: string;
  watch?: true;
}

export function addRolloutsList(rollouts: Command, terminal: Terminal): void {
  rollouts
    .command('list')
    .description('rollouts, newest first')
    .option('--group <group>', 'only those of one group')
    .option('--limit <count>', 'how many', '20')
    .option('--watch', 'show again whenever something changes')
    .action(
      action<[], ListOptions>(terminal, async (context) => {
        const limit = parseCount(context.options.limit);
        const query = { limit: Math.min(limit, 500), group: context.options.group };
        const read = () =>
          allItems(
            (cursor) =>
              answer(context.client.GET('/v1/rollouts', { params: { query: defined({ ...query, cursor }) } })),
            limit,
          );
        const view = rolloutView(terminal);
        if (context.options.watch !== true) return context.printer.list(await read(), view);
        await showAndWatch(context, true, async () => context.printer.listText(await read(), view));
      }),
    );
}
