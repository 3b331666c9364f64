import { allItems, answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseCount } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { paintState, plural, short } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';
import { findingLines } from '../apps/app-view.ts';
import { releaseView } from './release-view.ts';

export function addReleasesGet(releases: Command, terminal: Terminal): void {
  releases
    .command('get <id>')
    .description('one release with its targets')
    .action(
      action<[string]>(terminal, async (context, idText) => {
        const id = parseCount(idText);
        const release = await answer(context.client.GET('/v1/releases/{id}', { params: { path: { id } } }));
        if (!context.printer.isForPeople) return context.printer.one(release, releaseView(terminal), []);
        const targets = await allItems((cursor) =>
          answer(
            context.client.GET('/v1/releases/{id}/targets', {
              params: { path: { id }, query: defined({ limit: 500, cursor }) },
            }),
          ),
        );
        const targetLines = targets.map(
          (target) =>
            `${target.app} on ${target.cluster}  ${short(target.digest)}  ${plural(target.objects, 'object')}`,
        );
        const errors = findingLines(release.errors).map((line) => terminal.paint.red(line));
        context.printer.one(release, releaseView(terminal), [
          ['release', `${release.group}#${release.number}`],
          ['commit', `${release.commit} "${release.subject}" by ${release.author}`],
          ['state', [paintState(release.state, terminal.paint), ...errors].join('\n')],
          ['digest', release.digest],
          ['made', release.createdAt],
          ['targets', targetLines.join('\n') || 'none'],
        ]);
      }),
    );
}
