import { allItems, answer, defined } from '@fairlead/shared/client';
import type { ApiToken } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import type { View } from '../../output/printer.ts';
import { ago, ahead } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function addTokensList(tokens: Command, terminal: Terminal): void {
  const view: View<ApiToken> = {
    name: (token) => String(token.id),
    empty: 'No API tokens.',
    columns: [
      { title: 'ID', value: (token) => String(token.id) },
      { title: 'PRINCIPAL', value: (token) => `${token.principal} (${token.principalKind})` },
      { title: 'ROLE', value: (token) => token.role },
      {
        title: 'EXPIRES',
        value: (token) => (token.revokedAt === null ? ahead(token.expiresAt, terminal.now()) : 'revoked'),
      },
      { title: 'LAST USED', value: (token) => ago(token.lastUsedAt, terminal.now()) },
      { title: 'DESCRIPTION', value: (token) => token.description, isWide: true },
    ],
  };
  tokens
    .command('list')
    .description('all API tokens, without the tokens themselves')
    .action(
      action(terminal, async (context) => {
        const items = await allItems((cursor) =>
          answer(context.client.GET('/v1/api-tokens', { params: { query: defined({ limit: 500, cursor }) } })),
        );
        context.printer.list(items, view);
      }),
    );
}
