import { answer } from '@fairlead/shared/client';
import type { TargetDetail } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import { failingLines, holdLines, noticeLine } from '../../output/target-lines.ts';
import { ago, paintState } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';
import { driftOf, releaseOf, targetView } from './target-view.ts';

export function addTargetsGet(targets: Command, terminal: Terminal): void {
  targets
    .command('get <app> <cluster>')
    .description('one app on one cluster: what fails with the last words of its Pods, what is held back, what to know')
    .action(
      action<[string, string]>(terminal, async (context, app, cluster) => {
        const params = { path: { app, cluster } };
        const target = await answer(context.client.GET('/v1/targets/{app}/{cluster}', { params }));
        context.printer.one(target, targetView(terminal), targetFields(target, terminal));
      }),
    );
}

/** Everything about a target, label by label; what there is none of is left out. */
function targetFields(target: TargetDetail, terminal: Terminal): [string, string][] {
  const moment = { paint: terminal.paint, nowMs: terminal.now() };
  const optional: [string, string[]][] = [
    ['drift', [driftOf(target)].filter((text) => text !== '')],
    ['message', target.message === null ? [] : [target.message]],
    ['failing', target.failing.flatMap((failing) => failingLines(failing, moment))],
    ['prune', holdLines(target)],
    ['notices', target.notices.map(noticeLine)],
  ];
  return [
    ['app', target.app],
    ['cluster', target.cluster],
    ['group', target.group],
    ['release', releaseOf(target)],
    ['health', paintState(target.health, terminal.paint)],
    ['as of', ago(target.asOf, terminal.now())],
    ...optional.flatMap(([label, lines]): [string, string][] =>
      lines.length === 0 ? [] : [[label, lines.join('\n')]],
    ),
  ];
}
