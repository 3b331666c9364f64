import { answer, defined } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { previewLines } from '../../output/preview-lines.ts';
import type { Terminal } from '../../terminal.ts';

interface DiffOptions {
  source: string;
  ref: string;
  app?: string;
  markdown?: true;
  exitCode?: true;
}

export function addAppsDiff(apps: Command, terminal: Terminal): void {
  apps
    .command('diff')
    .description('what a branch, tag, commit or pull request would change on the whole fleet; releases nothing')
    .requiredOption('--source <name>', 'the source')
    .requiredOption('--ref <ref>', 'branch, tag, commit, or a full ref such as refs/pull/7/merge')
    .option('--app <name>', 'only this app')
    .option('--markdown', 'as the body of a pull-request comment')
    .option('--exit-code', 'exit code 8 when something changes or is wrong')
    .action(
      action<[], DiffOptions>(terminal, async ({ options, client, printer }) => {
        const { source, ref, app, markdown, exitCode } = options;
        const preview = await answer(
          client.POST('/v1/sources/{name}/previews', {
            params: { path: { name: source } },
            body: { ref, ...defined({ app }) },
          }),
        );
        const isClean = preview.groups.length === 0 && preview.findings.every(({ severity }) => severity !== 'error');
        if (exitCode === true && !isClean) terminal.setExitCode(exitCodes.failed);
        if (markdown === true) return terminal.write(preview.markdown);
        if (!printer.isForPeople) return printer.document(preview);
        for (const line of previewLines(preview, terminal.paint)) printer.text(line);
      }),
    );
}
