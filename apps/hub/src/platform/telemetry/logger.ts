import { pino, type Logger } from 'pino';

export type { Logger };

export const LOGGER = Symbol('Logger');

/** JSON lines on standard output. Messages are constant, what varies is in fields; errors go under `err`. */
export function createLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
