import { answer, createFairleadClient } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import { badOption } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { storeConnection } from '../../connection.ts';
import type { Terminal } from '../../terminal.ts';

export function addLogin(program: Command, terminal: Terminal): void {
  program
    .command('login')
    .description('remember a hub and a token for this user')
    .option('--token-stdin', 'read the token from standard input')
    .action(
      action<[], { tokenStdin?: true }>(terminal, async (context) => {
        const url = context.connection.baseUrl;
        const token = await askToken(terminal, context.options.tokenStdin === true);
        if (token === '') throw badOption('No token was given', { url });
        const me = await answer(createFairleadClient({ baseUrl: url, token }).GET('/v1/whoami'));
        const file = storeConnection(terminal, { url, token });
        context.printer.remark(`Signed in to ${url} as ${me.principal} (${me.role}); kept in ${file}.`);
      }),
    );
}

async function askToken(terminal: Terminal, isPiped: boolean): Promise<string> {
  if (isPiped || process.stdin.isTTY !== true) return (await terminal.readInput()).trim();
  // Typed tokens would stay visible on the screen: echo is off while one is pasted.
  const prompt = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
  const reply = prompt.question('Token (pasted text is not shown): ');
  Object.assign(prompt, { _writeToOutput: () => undefined });
  const token = await reply;
  prompt.close();
  terminal.writeError('\n');
  return token.trim();
}
