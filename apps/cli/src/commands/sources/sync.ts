import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import { short } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function addSourcesSync(sources: Command, terminal: Terminal): void {
  sources
    .command('sync <name>')
    .description('look into the repository now')
    .action(
      action<[string]>(terminal, async (context, name) => {
        const source = await answer(context.client.POST('/v1/sources/{name}/sync', { params: { path: { name } } }));
        if (!context.printer.isForPeople) return context.printer.document(source);
        context.printer.remark(`${name} is being fetched; it was at ${short(source.commit)}.`);
      }),
    );
}
