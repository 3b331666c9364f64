import { createFairleadClient, type FairleadClient } from '@fairlead/shared/client';
import { CodedError } from '@fairlead/shared/kernel';
import type { Command } from 'commander';
import { findConnection, type Connection } from './connection.ts';
import { harmless } from './output/harmless.ts';
import { type OutputFormat, Printer, outputFormats } from './output/printer.ts';
import type { Terminal } from './terminal.ts';

interface GlobalOptions {
  output: string;
  quiet?: true;
  hub?: string;
}

/** What every command gets: its options, a client of the hub and a printer for the chosen format. */
export interface CommandContext<Options> {
  readonly options: Options;
  readonly terminal: Terminal;
  readonly printer: Printer;
  readonly connection: Connection;
  readonly client: FairleadClient;
}

/**
 * Makes a commander action of a function that gets its context first, then the command's arguments in order.
 */
export function action<Arguments extends unknown[], Options = Record<string, never>>(
  terminal: Terminal,
  body: (context: CommandContext<Options>, ...args: Arguments) => Promise<void> | void,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const args = given.slice(0, -2) as Arguments;
    await body(openContext(terminal, command), ...args);
  };
}

function openContext<Options>(terminal: Terminal, command: Command): CommandContext<Options> {
  const global = command.optsWithGlobals<GlobalOptions>();
  const connection = findConnection(terminal, global.hub);
  const format = outputFormats.find((known) => known === global.output);
  if (format === undefined) {
    throw new CodedError({ code: 'cli.bad-option', kind: 'invalid' }, 'Unknown output format', {
      output: global.output,
      known: outputFormats.join(', '),
    });
  }
  const client = createFairleadClient(connection);
  if (format !== 'json' && format !== 'yaml') client.use({ onResponse: ({ response }) => fitForTerminal(response) });
  return {
    options: command.opts() as Options,
    terminal,
    connection,
    printer: new Printer(terminal, format satisfies OutputFormat, global.quiet === true),
    client,
  };
}

async function fitForTerminal(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const text = await response.text();
  const isJson = /\bjson\b/.test(headers.get('content-type') ?? '') && text !== '';
  const body = isJson ? JSON.stringify(harmless(JSON.parse(text))) : text;
  return new Response(status === 204 ? null : body, { status, statusText, headers });
}
