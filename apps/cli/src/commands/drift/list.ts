import { allItems, answer, defined } from '@fairlead/shared/client';
import { driftChanges } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { badOption, parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { Terminal } from '../../terminal.ts';
import { driftView } from './drift-view.ts';

const states = ['open', 'corrected', 'reverted', 'superseded'] as const;

interface ListOptions {
  app?: string;
  cluster?: string;
  state?: string;
  change?: string;
  unmanaged?: true;
  limit: string;
  exitCode?: true;
}

export function addDriftList(drift: Command, terminal: Terminal): void {
  drift
    .command('list')
    .description('differences, newest first: open ones and those already put right')
    .option('--app <app>', 'only one app')
    .option('--cluster <cluster>', 'only one cluster')
    .option('--state <state>', states.join(', '))
    .option('--change <change>', driftChanges.join(', '))
    .option('--unmanaged', 'with fields that somebody set and Git says nothing about')
    .option('--limit <count>', 'how many', '50')
    .option('--exit-code', 'exit code 8 when something listed is open')
    .action(
      action<[], ListOptions>(terminal, async (context) => {
        const { app, cluster, exitCode, unmanaged } = context.options;
        const state = context.options.state === undefined ? undefined : stateNamed(context.options.state);
        const change = context.options.change === undefined ? undefined : changeNamed(context.options.change);
        const limit = parseCount(context.options.limit);
        const more = unmanaged === true ? ('true' as const) : undefined;
        const query = { limit: Math.min(limit, 500), app, cluster, state, change, unmanaged: more };
        const items = await allItems(
          (cursor) => answer(context.client.GET('/v1/drift', { params: { query: defined({ ...query, cursor }) } })),
          limit,
        );
        context.printer.list(items, driftView(terminal));
        const isOpen = items.some((item) => item.state === 'open' && item.change !== 'unmanaged');
        if (exitCode === true && isOpen) terminal.setExitCode(exitCodes.failed);
      }),
    );
}

function changeNamed(text: string): (typeof driftChanges)[number] {
  const change = driftChanges.find((known) => known === text);
  if (change === undefined) throw badOption('Unknown change of drift', { given: text, known: driftChanges.join(', ') });
  return change;
}

function stateNamed(text: string): (typeof states)[number] {
  const state = states.find((known) => known === text);
  if (state === undefined) throw badOption('Unknown state of drift', { given: text, known: states.join(', ') });
  return state;
}
