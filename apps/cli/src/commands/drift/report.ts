import { answer, defined } from '@fairlead/shared/client';
import { driftGroupings, type DriftReport } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { badOption, parseDuration } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { objectWords } from '../../output/drift-words.ts';
import type { View } from '../../output/printer.ts';
import { ago, plural, shortJson } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

interface ReportOptions {
  groupBy: string;
  since?: string;
  exitCode?: true;
}

export function addDriftReport(drift: Command, terminal: Terminal): void {
  drift
    .command('report')
    .description('differences counted: where, how old, who')
    .option('--group-by <what>', driftGroupings.join(', '), 'app')
    .option('--since <duration>', 'only the last while, such as 24h')
    .option('--exit-code', 'exit code 8 when something is open')
    .action(
      action<[], ReportOptions>(terminal, async (context) => {
        const { since, exitCode } = context.options;
        const groupBy = driftGroupings.find((known) => known === context.options.groupBy);
        if (groupBy === undefined) throw badOption('Unknown grouping', { known: driftGroupings.join(', ') });
        const from = since === undefined ? undefined : new Date(terminal.now() - parseDuration(since)).toISOString();
        const query = { groupBy, ...defined({ since: from }) };
        const report = await answer(context.client.GET('/v1/drift/report', { params: { query } }));
        if (exitCode === true && report.totals.open > 0) terminal.setExitCode(exitCodes.failed);
        if (!context.printer.isForPeople) return context.printer.document(report);
        const { totals } = report;
        const apart = totals.unmanaged === 0 ? '' : `  ${totals.unmanaged} unmanaged`;
        const past = `${totals.corrected} corrected  ${totals.reverted} reverted  ${totals.superseded} superseded${apart}`;
        context.printer.text(`${totals.open} open  ${past}`);
        context.printer.list(report.groups, groupRow(groupBy, terminal));
        for (const same of report.identical.filter((entry) => entry.clusters > 1)) {
          const where = `${objectWords(same.object)} ${same.path} is ${shortJson(same.live)}`;
          context.printer.remark(`the same on ${plural(same.clusters, 'cluster')}: ${where}`);
        }
      }),
    );
}

function groupRow(groupBy: string, terminal: Terminal): View<DriftReport['groups'][number]> {
  return {
    name: (group) => group.key,
    empty: 'No drift.',
    columns: [
      { title: groupBy.toUpperCase(), value: (group) => group.key },
      { title: 'OPEN', value: (group) => String(group.open) },
      { title: 'CORRECTED', value: (group) => String(group.corrected) },
      { title: 'OTHER', value: (group) => String(group.other) },
      { title: 'CLUSTERS', value: (group) => String(group.clusters) },
      { title: 'OLDEST', value: (group) => ago(group.oldestFirstSeenAt, terminal.now()) },
    ],
  };
}
