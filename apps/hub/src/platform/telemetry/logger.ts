import { pino, type Logger } from 'pino';

export type { Logger };

export const LOGGER = Symbol('Logger');

/** JSON lines on standard output. Messages are constant, what varies is in fields; errors go under `err`. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError, error: describeError },
  });
}

/** What a log may show of an error. Vendors hang whole connections, with what they were configured with, on theirs. */
export function describeError(thrown: unknown): unknown {
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) return String(thrown);
  return {
    type: 'name' in thrown ? thrown.name : 'Error',
    message: thrown.message,
    ...('code' in thrown ? { code: thrown.code } : {}),
    ...('details' in thrown ? { details: thrown.details } : {}),
    ...('stack' in thrown ? { stack: thrown.stack } : {}),
    ...('cause' in thrown ? { cause: describeError(thrown.cause) } : {}),
  };
}
