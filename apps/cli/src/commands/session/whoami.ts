import { answer } from '@fairlead/shared/client';
import type { WhoAmI } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { View } from '../../output/printer.ts';
import type { Terminal } from '../../terminal.ts';

const view: View<WhoAmI> = { name: (me) => me.principal, columns: [], empty: '' };

export function addWhoami(program: Command, terminal: Terminal): void {
  program
    .command('whoami')
    .description('who the hub takes you for, and what you may do')
    .action(
      action(terminal, async (context) => {
        const me = await answer(context.client.GET('/v1/whoami'));
        context.printer.one(me, view, [
          ['principal', `${me.principal} (${me.principalKind})`],
          ['role', me.role],
          ['may', me.permissions.join(', ')],
          ['hub', context.connection.baseUrl],
          ['signed in by', context.connection.origin],
        ]);
      }),
    );
}
