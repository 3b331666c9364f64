import { allItems, answer, defined } from '@fairlead/shared/client';
import type { LedgerEntry } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import type { View } from '../../output/printer.ts';
import { paintState, short } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function addLedgerList(ledger: Command, terminal: Terminal): void {
  const view: View<LedgerEntry> = {
    name: (entry) => String(entry.id),
    empty: 'The ledger is empty.',
    columns: [
      { title: 'ID', value: (entry) => String(entry.id) },
      { title: 'AT', value: (entry) => entry.at },
      { title: 'ACTOR', value: (entry) => entry.actor },
      { title: 'ACTION', value: (entry) => entry.action },
      { title: 'SUBJECT', value: (entry) => entry.subject },
      { title: 'OUTCOME', value: (entry) => paintState(entry.outcome, terminal.paint) },
      { title: 'REASON', value: (entry) => entry.reason ?? '' },
      { title: 'HASH', value: (entry) => short(entry.hash), isWide: true },
    ],
  };
  ledger
    .command('list')
    .description('entries, newest first')
    .option('--limit <count>', 'how many', '20')
    .action(
      action<[], { limit: string }>(terminal, async (context) => {
        const limit = parseCount(context.options.limit);
        const query = { limit: Math.min(limit, 500) };
        const items = await allItems(
          (cursor) => answer(context.client.GET('/v1/ledger', { params: { query: defined({ ...query, cursor }) } })),
          limit,
        );
        context.printer.list(items, view);
      }),
    );
}
