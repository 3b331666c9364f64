import { allItems, answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { appView } from './app-view.ts';

export function addAppsList(apps: Command, terminal: Terminal): void {
  apps
    .command('list')
    .description('all apps')
    .action(
      action(terminal, async (context) => {
        const items = await allItems((cursor) =>
          answer(context.client.GET('/v1/apps', { params: { query: defined({ limit: 500, cursor }) } })),
        );
        context.printer.list(items, appView(terminal));
      }),
    );
}
