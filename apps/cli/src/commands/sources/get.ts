import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { sourceFields, sourceView } from './source-view.ts';

export function addSourcesGet(sources: Command, terminal: Terminal): void {
  sources
    .command('get <name>')
    .description('one source, and what is wrong with it')
    .action(
      action<[string]>(terminal, async (context, name) => {
        const source = await answer(context.client.GET('/v1/sources/{name}', { params: { path: { name } } }));
        context.printer.one(source, sourceView(terminal), sourceFields(source, terminal));
      }),
    );
}
