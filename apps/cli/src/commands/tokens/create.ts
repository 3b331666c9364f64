import { answer } from '@fairlead/shared/client';
import { Role, roles } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { badOption, parseDuration } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import type { Terminal } from '../../terminal.ts';

interface CreateOptions {
  role: string;
  ttl: string;
  robot?: true;
  description: string;
}

export function addTokensCreate(tokens: Command, terminal: Terminal): void {
  tokens
    .command('create <principal>')
    .description('make an API token that belongs to a named person or robot')
    .requiredOption('--role <role>', roles.join(', '))
    .option('--ttl <duration>', 'how long it is valid', '30d')
    .option('--robot', 'it belongs to a robot, not to a person')
    .option('--description <text>', 'what it is for', '')
    .action(
      action<[string], CreateOptions>(terminal, async (context, principal) => {
        const { ttl, robot, description } = context.options;
        const role = Role.safeParse(context.options.role);
        if (!role.success) throw badOption('Unknown role', { role: context.options.role, known: roles.join(', ') });
        const body = {
          principal,
          principalKind: robot === true ? ('robot' as const) : ('person' as const),
          role: role.data,
          ttlSeconds: Math.ceil(parseDuration(ttl) / 1000),
          description,
        };
        const issued = await answer(context.client.POST('/v1/api-tokens', { body }));
        if (!context.printer.isForPeople) return context.printer.document(issued);
        context.printer.text(issued.token);
        context.printer.remark(`Shown once: ${issued.role} for ${issued.principal} until ${issued.expiresAt}.`);
      }),
    );
}
