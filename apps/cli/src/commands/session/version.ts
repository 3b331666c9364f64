import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { version } from '../../version.ts';

export function addVersion(program: Command, terminal: Terminal): void {
  program
    .command('version')
    .description('the version of this program')
    .action(
      action(terminal, (context) => {
        if (!context.printer.isForPeople) return context.printer.document({ cli: version });
        context.printer.text(`fairlead ${version}`);
      }),
    );
}
