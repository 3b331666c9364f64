import { AppError } from '@fairlead/shared/kernel';
import { agentVersion, runAgent } from './agent.ts';
import { readConfig } from './config.ts';
import { createLogger, errorFields } from './logger.ts';

const exitCodes: Readonly<Record<string, number>> = {
  invalid: 2,
  denied: 3,
  unauthenticated: 3,
  not_found: 4,
  conflict: 5,
  unavailable: 6,
};
// Longer than any step needs that gets answers; one that waits for an answer is repeated after the next start.
const stopWithinMs = 4_000;

/** The program: reads its configuration, runs until a signal, gives the exit code. */
export async function main(): Promise<number> {
  const stop = new AbortController();
  let log = createLogger('info');
  try {
    const [command, ...rest] = process.argv.slice(2);
    if (command === 'rbac') {
      process.stdout.write((await import('./rbac/command.ts')).rbacCommand(rest));
      return 0;
    }
    const config = readConfig(process.argv.slice(2), process.env);
    log = createLogger(config.logLevel);
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.on(name, () => {
        // A second signal means now.
        if (stop.signal.aborted) process.exit(130);
        log.info('stopping', { signal: name });
        stop.abort(new Error('the agent stops'));
        setTimeout(() => process.exit(0), stopWithinMs).unref();
      });
    }
    log.info('starting', { version: agentVersion, cluster: config.clusterName });
    await runAgent(config, log, stop.signal);
    return 0;
  } catch (error) {
    const kind = error instanceof AppError ? error.kind : 'bug';
    const details = error instanceof AppError ? error.details : {};
    log.error('the agent cannot go on', { ...errorFields(error), kind, details });
    return exitCodes[kind] ?? 70;
  }
}
