import type { Command } from 'commander';
import { parseCount, parseDuration } from '../../arguments.ts';
import { action } from '../../command-context.ts';
import { exitCodes } from '../../exit-codes.ts';
import { showProgress } from '../../show-progress.ts';
import type { Terminal } from '../../terminal.ts';

interface WatchOptions {
  timeout?: string;
  exitCode?: true;
}

export function addRolloutsWatch(rollouts: Command, terminal: Terminal): void {
  rollouts
    .command('watch <id>')
    .description('follow a rollout until it is at rest')
    .option('--timeout <duration>', 'stop watching after this time, with exit code 7')
    .option('--exit-code', 'exit code 8 when the rollout did not succeed')
    .action(
      action<[string], WatchOptions>(terminal, async (context, id) => {
        const { timeout, exitCode } = context.options;
        const timeoutMs = timeout === undefined ? null : parseDuration(timeout);
        const { rollout, isTimedOut } = await showProgress(context, parseCount(id), timeoutMs);
        if (isTimedOut) return terminal.setExitCode(exitCodes.timedOut);
        if (exitCode === true && rollout?.state !== 'succeeded') terminal.setExitCode(exitCodes.failed);
      }),
    );
}
