import { allItems, answer, defined } from '@fairlead/shared/client';
import type { App, Target } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import { paintState, short } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';
import { appView, findingLines } from './app-view.ts';

export function addAppsGet(apps: Command, terminal: Terminal): void {
  apps
    .command('get <name>')
    .description('one app: where it runs, and what is wrong with its newest commit')
    .action(
      action<[string]>(terminal, async (context, name) => {
        const app = await answer(context.client.GET('/v1/apps/{name}', { params: { path: { name } } }));
        if (!context.printer.isForPeople) return context.printer.one(app, appView(terminal), []);
        const targets = await allItems((cursor) =>
          answer(context.client.GET('/v1/targets', { params: { query: defined({ limit: 500, cursor, app: name }) } })),
        );
        context.printer.one(app, appView(terminal), fields(app, targets, terminal));
      }),
    );
}

function fields(app: App, targets: readonly Target[], terminal: Terminal): [string, string][] {
  const errors = findingLines(app.errors).map((line) => terminal.paint.red(line));
  const kept = `${newestOf(targets)} kept, Git has ${short(app.errorsCommit)}, which cannot be used:`;
  return [
    ['name', app.name],
    ['group', app.group],
    ['source', `${app.source}/${app.directory}`],
    ['state', paintState(app.state, terminal.paint)],
    ['release', errors.length === 0 ? short(app.commit) : [kept, ...errors].join('\n')],
    [
      'targets',
      targets
        .toSorted((a, b) => a.cluster.localeCompare(b.cluster))
        .map((target) => targetLine(target, terminal))
        .join('\n') || 'none',
    ],
  ];
}

function targetLine(target: Target, terminal: Terminal): string {
  const trouble = target.failing.map((failing) => `  ${failing.object}: ${failing.reason} ${failing.message}`);
  const release = target.release === null ? '-' : `#${target.release.number} ${short(target.release.commit)}`;
  return `${target.cluster}  ${paintState(target.health, terminal.paint)}  ${release}${trouble.join('')}`;
}

// Targets that a release did not change stay on an earlier one.
function newestOf(targets: readonly Target[]): string {
  const releases = targets.flatMap((target) => target.release ?? []).toSorted((a, b) => b.number - a.number);
  return short(releases[0]?.commit ?? null);
}
