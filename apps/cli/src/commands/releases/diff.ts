import { answer, defined } from '@fairlead/shared/client';
import type { ReleaseDiff } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { badOption, parseCount } from '../../arguments.ts';
import { action, type CommandContext } from '../../command-context.ts';
import { releaseDiffLines } from '../../output/diff-lines.ts';
import type { Terminal } from '../../terminal.ts';

interface DiffOptions {
  against?: string;
  cluster?: string[];
  group?: string;
  commit?: string;
  againstCommit?: string;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

export function addReleasesDiff(releases: Command, terminal: Terminal): void {
  releases
    .command('diff [id]')
    .description(
      'what a release changes compared with the one before it, another one, or two of its clusters or commits',
    )
    .option('--against <id>', 'the release to compare with')
    .option('--cluster <name>', 'twice: what the first has that the second has not, within the release', collect)
    .option('--group <name>', 'with two commits: the group')
    .option('--commit <commit>', 'what the group was like at this commit, instead of a release')
    .option('--against-commit <commit>', 'the commit to compare with')
    .action(
      action<[string | undefined], DiffOptions>(terminal, async (context, id) => {
        const diff = await (id === undefined ? ofCommits(context) : ofRelease(context, parseCount(id)));
        if (!context.printer.isForPeople) return context.printer.document(diff);
        for (const line of releaseDiffLines(diff, terminal.paint)) context.printer.text(line);
      }),
    );
}

function ofRelease({ options, client }: CommandContext<DiffOptions>, id: number): Promise<ReleaseDiff> {
  const { against, cluster = [], commit, againstCommit } = options;
  if (commit !== undefined || againstCommit !== undefined)
    throw badOption('Give either a release or two commits', { release: id });
  if (cluster.length !== 0 && cluster.length !== 2) throw badOption('Clusters are compared two at a time', { cluster });
  const query = defined({
    against: against === undefined ? undefined : parseCount(against),
    cluster: cluster[0],
    againstCluster: cluster[1],
  });
  return answer(client.GET('/v1/releases/{id}/diff', { params: { path: { id }, query } }));
}

function ofCommits({ options, client }: CommandContext<DiffOptions>): Promise<ReleaseDiff> {
  const { group, commit, againstCommit } = options;
  if (group === undefined || commit === undefined || againstCommit === undefined)
    throw badOption('Give a release, or --group with --commit and --against-commit', {});
  const params = { path: { group }, query: { commit, againstCommit } };
  return answer(client.GET('/v1/groups/{group}/diff', { params }));
}
