import { answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { diffLines } from '../../output/diff-lines.ts';
import type { Terminal } from '../../terminal.ts';

export function addReleasesDiff(releases: Command, terminal: Terminal): void {
  releases
    .command('diff <id>')
    .description('what a release changes compared with another, the one before it by default')
    .option('--against <id>', 'the release to compare with')
    .action(
      action<[string], { against?: string }>(terminal, async (context, idText) => {
        const { against } = context.options;
        const query = defined({ against: against === undefined ? undefined : parseCount(against) });
        const path = { id: parseCount(idText) };
        const diff = await answer(context.client.GET('/v1/releases/{id}/diff', { params: { path, query } }));
        if (!context.printer.isForPeople) return context.printer.document(diff);
        for (const line of diffLines(diff, terminal.paint)) context.printer.text(line);
      }),
    );
}
