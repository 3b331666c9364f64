import { allItems, answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { sourceView } from './source-view.ts';

export function addSourcesList(sources: Command, terminal: Terminal): void {
  sources
    .command('list')
    .description('all sources')
    .action(
      action(terminal, async (context) => {
        const items = await allItems((cursor) =>
          answer(context.client.GET('/v1/sources', { params: { query: defined({ limit: 500, cursor }) } })),
        );
        context.printer.list(items, sourceView(terminal));
      }),
    );
}
