import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseDuration } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';
import { sourceFields, sourceView } from './source-view.ts';

interface AddOptions {
  url: string;
  ref: string;
  interval: string;
  webhookSecretStdin?: true;
}

export function addSourcesAdd(sources: Command, terminal: Terminal): void {
  sources
    .command('add <name>')
    .description('follow a ref of a Git repository')
    .requiredOption('--url <url>', 'the repository')
    .option('--ref <ref>', 'branch or tag to follow', 'main')
    .option('--interval <duration>', 'how often to look when no webhook tells', '60s')
    .option('--webhook-secret-stdin', 'read the shared secret of its webhook from standard input')
    .action(
      action<[string], AddOptions>(terminal, async (context, name) => {
        const { url, ref, interval, webhookSecretStdin } = context.options;
        const body = { name, url, ref, pollIntervalSeconds: Math.ceil(parseDuration(interval) / 1000) };
        const secret = webhookSecretStdin === true ? { webhookSecret: (await terminal.readInput()).trim() } : {};
        const source = await answer(context.client.POST('/v1/sources', { body: { ...body, ...secret } }));
        context.printer.one(source, sourceView(terminal), sourceFields(source, terminal));
      }),
    );
}
