import { allItems, answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { releaseView } from './release-view.ts';

export function addReleasesList(releases: Command, terminal: Terminal): void {
  releases
    .command('list')
    .description('releases, newest first')
    .option('--group <group>', 'only those of one group')
    .option('--limit <count>', 'how many', '20')
    .action(
      action<[], { group?: string; limit: string }>(terminal, async (context) => {
        const limit = parseCount(context.options.limit);
        const query = { limit: Math.min(limit, 500), group: context.options.group };
        const items = await allItems(
          (cursor) => answer(context.client.GET('/v1/releases', { params: { query: defined({ ...query, cursor }) } })),
          limit,
        );
        context.printer.list(items, releaseView(terminal));
      }),
    );
}
