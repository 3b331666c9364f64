import type { Logger } from '../platform/telemetry/logger.ts';

/** One Ctrl-C arrives twice when a wrapper passes it on to a process that got it from the terminal too. */
const sameRequestMs = 1000;

/**
 * Resolves when the process is asked to stop. A second request, or `deadlineMs` after the first, ends it at once: the
 * next start finishes whatever is left.
 */
export function untilAskedToStop(logger: Logger, deadlineMs: number): Promise<void> {
  return new Promise((asked) => {
    let askedAt: number | null = null;
    const stop = (signal: NodeJS.Signals) => {
      if (askedAt !== null) {
        if (performance.now() - askedAt > sameRequestMs) process.exit(1);
        return;
      }
      askedAt = performance.now();
      logger.debug({ signal }, 'asked to stop');
      setTimeout(() => process.exit(1), deadlineMs).unref();
      asked();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}
