import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { groupFields, groupView } from './group-view.ts';

export function addGroupsGet(groups: Command, terminal: Terminal): void {
  groups
    .command('get <group>')
    .description('one group: its hold, its quarantine, and why it is not further')
    .action(
      action<[string]>(terminal, async (context, name) => {
        const params = { path: { group: name } };
        const group = await answer(context.client.GET('/v1/groups/{group}', { params }));
        context.printer.one(group, groupView(terminal), groupFields(group, terminal));
      }),
    );
}
