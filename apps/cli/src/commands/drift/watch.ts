import { readEvents, type ServerEvent } from '@fairlead/shared/client';
import { DriftItem } from '@fairlead/shared/contracts';
import type { Command } from 'commander';
import { parseDuration } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { changeWords, objectWords, stateOfDrift, whoWords } from '../../output/drift-words.ts';
import { harmless, harmlessJson } from '../../output/harmless.ts';
import { paintState } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

interface WatchOptions {
  timeout?: string;
}

export function addDriftWatch(drift: Command, terminal: Terminal): void {
  drift
    .command('watch')
    .description('differences as they appear and go: who, which field, before and after')
    .option('--timeout <duration>', 'stop watching after this time')
    .action(
      action<[], WatchOptions>(terminal, async (context) => {
        const { timeout } = context.options;
        const signals = timeout === undefined ? [] : [AbortSignal.timeout(parseDuration(timeout))];
        const signal = AbortSignal.any([terminal.interrupted, ...signals]);
        context.printer.remark(terminal.paint.dim('watching; Ctrl-C ends it'));
        for await (const event of readEvents({ ...context.connection, path: '/v1/drift/events', signal })) {
          const item = itemOf(event);
          if (item === null) continue;
          if (context.printer.format === 'json') terminal.write(`${harmlessJson(JSON.stringify(item))}\n`);
          else terminal.write(`${driftLine(harmless(item), terminal)}\n`);
        }
      }),
    );
}

// A stream may carry what a later version adds; only drift items are shown.
function itemOf(event: ServerEvent): DriftItem | null {
  const parsed = DriftItem.safeParse(JSON.parse(event.text));
  return parsed.success ? parsed.data : null;
}

function driftLine(item: DriftItem, terminal: Terminal): string {
  const at = new Date(item.closedAt ?? item.firstSeenAt).toTimeString().slice(0, 8);
  const state = paintState(stateOfDrift(item), terminal.paint);
  const by = item.state === 'open' ? `  by ${whoWords(item)}` : '';
  return `${terminal.paint.dim(at)}  ${item.cluster}  ${objectWords(item.object)}  ${changeWords(item)}${by}  ${state}`;
}
