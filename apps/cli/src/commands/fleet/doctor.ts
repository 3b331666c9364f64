import { allItems, answer, defined, errorFromResponse } from '@fairlead/shared/client';
import { AppError, messageOf } from '@fairlead/shared/kernel';
import type { Command } from 'commander';
import { action, type CommandContext } from '../../command-context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { ago, plural } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

type Check = (context: CommandContext<unknown>) => Promise<string>;

const checks: Readonly<Record<string, Check>> = {
  hub: async ({ connection }) => {
    await expectAnswer(new URL('/healthz', connection.baseUrl));
    return `${connection.baseUrl} answers`;
  },
  database: async ({ connection }) => {
    await expectAnswer(new URL('/readyz', connection.baseUrl));
    return 'the hub reaches its database and its schema is the one it needs';
  },
  access: async ({ client, connection }) => {
    const me = await answer(client.GET('/v1/whoami'));
    return `${me.principal} is ${me.role} (${connection.origin})`;
  },
  agents: async ({ client, terminal }) => {
    const clusters = await allItems((cursor) =>
      answer(client.GET('/v1/clusters', { params: { query: defined({ limit: 500, cursor }) } })),
    );
    const away = clusters.filter((cluster) => cluster.connection === 'unknown' || cluster.connection === 'never');
    const words = away.map((cluster) => `${cluster.name} last heard ${ago(cluster.lastHeartbeatAt, terminal.now())}`);
    if (away.length > 0) throw new Error(words.join(', '));
    return `${plural(clusters.length, 'cluster')}, none silent`;
  },
  sources: async ({ client }) => {
    const sources = await allItems((cursor) =>
      answer(client.GET('/v1/sources', { params: { query: defined({ limit: 500, cursor }) } })),
    );
    const degraded = sources.filter((source) => source.state === 'degraded');
    if (degraded.length > 0) throw new Error(degraded.map((source) => `${source.name}: ${source.reason}`).join(', '));
    return `${plural(sources.length, 'source')}, all reachable`;
  },
};

export function addDoctor(program: Command, terminal: Terminal): void {
  program
    .command('doctor')
    .description('check the hub, its database, your access, the agents and the sources')
    .action(
      action(terminal, async (context) => {
        const findings: Finding[] = [];
        for (const [check, run] of Object.entries(checks)) findings.push(await examine(check, run, context));
        if (findings.some((finding) => !finding.ok)) terminal.setExitCode(exitCodes.unavailable);
        if (!context.printer.isForPeople) return context.printer.document({ items: findings });
        for (const { check, ok, detail } of findings) {
          const mark = ok ? terminal.paint.green('✔') : terminal.paint.red('✖');
          context.printer.text(`${mark} ${check.padEnd(8)}  ${detail}`);
        }
      }),
    );
}

async function examine(check: string, run: Check, context: CommandContext<unknown>): Promise<Finding> {
  try {
    return { check, ok: true, detail: await run(context) };
  } catch (thrown) {
    const code = thrown instanceof AppError ? ` [${thrown.code}]` : '';
    return { check, ok: false, detail: `${messageOf(thrown)}${code}` };
  }
}

async function expectAnswer(url: URL): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch((cause: unknown) => {
    throw new Error(`${url.origin} does not answer`, { cause });
  });
  if (!response.ok) throw await errorFromResponse(response);
}
