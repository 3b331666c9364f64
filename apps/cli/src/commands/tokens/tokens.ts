import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addTokensCreate } from './create.ts';
import { addTokensList } from './list.ts';
import { addTokensRevoke } from './revoke.ts';

export function addTokens(program: Command, terminal: Terminal): void {
  const tokens = program.command('tokens').alias('token').description('API tokens of people and robots');
  addTokensCreate(tokens, terminal);
  addTokensList(tokens, terminal);
  addTokensRevoke(tokens, terminal);
}
