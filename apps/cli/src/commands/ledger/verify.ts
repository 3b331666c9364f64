import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { plural } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function addLedgerVerify(ledger: Command, terminal: Terminal): void {
  ledger
    .command('verify')
    .description('check the whole chain; exit code 8 when it is broken')
    .action(
      action(terminal, async (context) => {
        const found = await answer(context.client.GET('/v1/ledger/verify'));
        if (!found.intact) terminal.setExitCode(exitCodes.failed);
        if (!context.printer.isForPeople) return context.printer.document(found);
        const counts = `${plural(found.sealed, 'sealed entry').replace(/entrys$/, 'entries')}, ${found.unsealed} not sealed yet`;
        const { green, red } = terminal.paint;
        const verdict = found.intact ? green('✔ intact') : red(`✖ broken at entry ${found.firstBadEntry ?? '?'}`);
        context.printer.text(`${verdict}  ${counts}  head ${found.head ?? '-'}`);
      }),
    );
}
