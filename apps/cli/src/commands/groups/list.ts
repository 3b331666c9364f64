import { allItems, answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { groupView } from './group-view.ts';

export function addGroupsList(groups: Command, terminal: Terminal): void {
  groups
    .command('list')
    .description('all groups')
    .action(
      action(terminal, async (context) => {
        const items = await allItems((cursor) =>
          answer(context.client.GET('/v1/groups', { params: { query: defined({ limit: 500, cursor }) } })),
        );
        context.printer.list(items, groupView(terminal));
      }),
    );
}
