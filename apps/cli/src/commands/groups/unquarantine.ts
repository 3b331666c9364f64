import { allItems, answer, defined } from '@fairlead/shared/client';
import { CodedError } from '@fairlead/shared/kernel';
import type { Command } from 'commander';
import { action, type CommandContext } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';

export function addGroupsUnquarantine(groups: Command, terminal: Terminal): void {
  groups
    .command('unquarantine <group> <release>')
    .description('let automation use a failed release again; named by number or commit')
    .requiredOption('--reason <text>', 'why it will not fail again; kept in the ledger')
    .action(
      action<[string, string], { reason: string }>(terminal, async (context, name, releaseText) => {
        const release = await findReleaseNumber(context, name, releaseText);
        const group = await answer(
          context.client.POST('/v1/groups/{group}/unquarantine', {
            params: { path: { group: name } },
            body: { release, reason: context.options.reason },
          }),
        );
        if (!context.printer.isForPeople) return context.printer.document(group);
        context.printer.remark(`Release ${release} of ${name} is out of quarantine.`);
      }),
    );
}

async function findReleaseNumber(context: CommandContext<unknown>, group: string, text: string): Promise<number> {
  const releases = await allItems((cursor) =>
    answer(context.client.GET('/v1/releases', { params: { query: defined({ limit: 500, cursor, group }) } })),
  );
  const isCommit = (commit: string) => /^[0-9a-f]{7,40}$/.test(text) && commit.startsWith(text);
  const found = releases.find((release) => String(release.number) === text || isCommit(release.commit));
  if (found !== undefined) return found.number;
  throw new CodedError({ code: 'release.not-found', kind: 'not_found' }, 'The group has no such release', {
    group,
    release: text,
  });
}
