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

async function main(): Promise<number> {
  const stop = new AbortController();
  let log = createLogger('info');
  try {
    const config = readConfig(process.argv.slice(2), process.env);
    log = createLogger(config.logLevel);
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.on(name, () => {
        // A second signal means now.
        if (stop.signal.aborted) process.exit(130);
        log.info('stopping', { signal: name });
        stop.abort(new Error('the agent stops'));
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

// Sockets and timers that are still open must not keep a stopped agent alive.
process.exit(await main());
