import { allItems, answer, defined, type FairleadClient } from '@fairlead/shared/client';
import type { Command } from 'commander';
import { action } from '../../command-context.ts';
import { type Fleet, fleetLines } from '../../output/fleet-lines.ts';
import type { Terminal } from '../../terminal.ts';
import { showAndWatch } from '../../watch.ts';

export function addStatus(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description('the fleet on one screen')
    .option('--watch', 'show again whenever something changes')
    .action(
      action<[], { watch?: true }>(terminal, async (context) => {
        const read = () => readFleet(context.client, startOfDay(terminal.now()));
        if (!context.printer.isForPeople) return context.printer.document(await read());
        await showAndWatch(context, context.options.watch === true, async () =>
          fleetLines(await read(), { paint: terminal.paint, nowMs: terminal.now() }),
        );
      }),
    );
}

async function readFleet(client: FairleadClient, since: string): Promise<Fleet> {
  const [clusters, groups, targets, drift, newest] = await Promise.all([
    allItems((cursor) => answer(client.GET('/v1/clusters', { params: { query: defined({ limit: 500, cursor }) } }))),
    allItems((cursor) => answer(client.GET('/v1/groups', { params: { query: defined({ limit: 500, cursor }) } }))),
    allItems((cursor) => answer(client.GET('/v1/targets', { params: { query: defined({ limit: 500, cursor }) } }))),
    answer(client.GET('/v1/drift/report', { params: { query: { groupBy: 'app', since } } })),
    answer(client.GET('/v1/drift', { params: { query: { limit: 1 } } })),
  ]);
  const withRollouts = await Promise.all(
    groups.map(async (group) => {
      const id = group.activeRollout ?? group.lastRollout?.id ?? null;
      if (id === null) return { group, rollout: null };
      return {
        group,
        rollout: await answer(client.GET('/v1/rollouts/{id}', { params: { path: { id: String(id) } } })),
      };
    }),
  );
  return { clusters, groups: withRollouts, targets, drift, newestDrift: newest.items[0] ?? null };
}

function startOfDay(nowMs: number): string {
  const day = new Date(nowMs);
  day.setHours(0, 0, 0, 0);
  return day.toISOString();
}
