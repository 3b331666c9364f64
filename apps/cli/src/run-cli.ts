import { AppError } from '@fairlead/shared/kernel';
import { CommanderError } from 'commander';
import { exitCodeOfKind, exitCodes } from './exit-codes.ts';
import { errorLines } from './output/error-lines.ts';
import { createProgram } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command line. Never throws: what went wrong is on standard error and in the exit code. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<void> {
  try {
    await createProgram(terminal).parseAsync([...args], { from: 'user' });
  } catch (thrown) {
    // Commander has already written its own message, or the help that was asked for.
    if (thrown instanceof CommanderError) return terminal.setExitCode(thrown.exitCode === 0 ? 0 : exitCodes.invalid);
    if (terminal.interrupted.aborted) return terminal.setExitCode(130);
    terminal.writeError(errorLines(thrown, terminal.paint));
    if (terminal.env['FAIRLEAD_DEBUG'] !== undefined && thrown instanceof Error)
      terminal.writeError(`${thrown.stack}\n`);
    terminal.setExitCode(thrown instanceof AppError ? exitCodeOfKind[thrown.kind] : exitCodes.bug);
  }
}
