import { answer } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { parseCount, parseDuration, parseLabels } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';

interface TokenOptions {
  labels: string;
  ttl: string;
  name: string;
  uses: string;
}

export function addClustersToken(clusters: Command, terminal: Terminal): void {
  clusters
    .command('token')
    .description('make a token with which an agent registers its cluster')
    .option('--name <pattern>', 'clusters it may register; * stands for anything', '*')
    .option('--labels <labels>', 'labels those clusters get, key=value,key=value', '')
    .option('--ttl <duration>', 'how long it is valid', '1h')
    .option('--uses <count>', 'how many clusters it may register', '1')
    .action(
      action<[], TokenOptions>(terminal, async (context) => {
        const { name, labels, ttl, uses } = context.options;
        const body = {
          namePattern: name,
          labels: parseLabels(labels),
          ttlSeconds: Math.ceil(parseDuration(ttl) / 1000),
          maxUses: parseCount(uses),
        };
        const issued = await answer(context.client.POST('/v1/join-tokens', { body }));
        if (!context.printer.isForPeople) return context.printer.document(issued);
        context.printer.text(issued.token);
        context.printer.remark(`Shown once, valid until ${issued.expiresAt}. Start the agent beside the cluster with:`);
        const cluster = name.includes('*') ? '<name>' : name;
        context.printer.remark(
          `  npm run agent -- --hub ${context.connection.baseUrl} --kubeconfig <file> --name ${cluster} --token ${issued.token} --state-dir <directory>`,
        );
      }),
    );
}
