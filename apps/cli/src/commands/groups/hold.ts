import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';

/** `hold` and `release-hold`: whether new releases of a group start by themselves. */
export function addGroupsHold(groups: Command, terminal: Terminal): void {
  const verbs = [
    { verb: 'hold', description: 'stay on what the group has although Git has newer', done: 'is held' },
    { verb: 'release-hold', description: 'let new releases start again', done: 'is no longer held' },
  ] as const;
  for (const { verb, description, done } of verbs) {
    groups
      .command(`${verb} <group>`)
      .description(description)
      .requiredOption('--reason <text>', 'why; kept in the ledger')
      .action(
        action<[string], { reason: string }>(terminal, async (context, name) => {
          const { reason } = context.options;
          const params = { path: { group: name } };
          const group = await answer(context.client.POST(`/v1/groups/{group}/${verb}`, { params, body: { reason } }));
          if (!context.printer.isForPeople) return context.printer.document(group);
          context.printer.remark(`${name} ${done}.`);
        }),
      );
  }
}
