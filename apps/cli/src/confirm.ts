import { createInterface } from 'node:readline/promises';
import { badOption } from './arguments.ts';
import type { Terminal } from './terminal.ts';

/** Asks a person before something that cannot be undone. A script has to say `--yes`. */
export async function confirm(terminal: Terminal, question: string, isAgreed: boolean): Promise<void> {
  if (isAgreed) return;
  if (!terminal.isLive || process.stdin.isTTY !== true)
    throw badOption('This needs --yes, or a person to ask', { question });
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const reply = await prompt.question(`${question} [y/N] `);
  prompt.close();
  if (!/^y(es)?$/i.test(reply.trim())) throw badOption('Not done', { question });
}
