import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';

export function addTokensRevoke(tokens: Command, terminal: Terminal): void {
  tokens
    .command('revoke <id>')
    .description('make an API token useless at once')
    .action(
      action<[string]>(terminal, async (context, id) => {
        await context.client.DELETE('/v1/api-tokens/{id}', { params: { path: { id: parseCount(id) } } });
        context.printer.remark(`Token ${id} is revoked.`);
      }),
    );
}
