import { answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import { explanationLines } from '../../output/explanation-lines.ts';
import { short } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

/** `fairlead explain target APP CLUSTER [OBJECT]`. */
export function addExplain(program: Command, terminal: Terminal): void {
  const explain = program.command('explain').description('where in Git something comes from');
  explain
    .command('target <app> <cluster> [object]')
    .description(
      'the file, patches and variables that made the objects of an app on a cluster; object is part of an id',
    )
    .action(
      action<[string, string, string | undefined]>(terminal, async ({ client, printer }, app, cluster, object) => {
        const params = { path: { app, cluster }, query: defined({ object }) };
        const found = await answer(client.GET('/v1/targets/{app}/{cluster}/explain', { params }));
        if (printer.format === 'name') return found.objects.forEach(({ id }) => printer.text(id));
        if (!printer.isForPeople) return printer.document(found);
        const { release } = found;
        printer.remark(terminal.paint.bold(`${app} on ${cluster}  #${release.number} ${short(release.commit)}`));
        if (found.objects.length === 0) return printer.remark('No object has an id like this.');
        for (const each of found.objects) {
          for (const line of explanationLines(each, terminal.paint)) printer.text(line);
        }
      }),
    );
}
