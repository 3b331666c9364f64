export type LogFields = Readonly<Record<string, unknown>>;

const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const;
export type LogLevel = keyof typeof levels;

/** One JSON line per entry: constant message, camelCase fields. Fields never carry secrets, tokens or object contents. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Writes JSON lines, to stderr unless told otherwise. */
export function createLogger(
  level: LogLevel,
  bound: LogFields = {},
  write: (line: string) => void = (line) => process.stderr.write(line),
): Logger {
  const at = (entryLevel: LogLevel) => {
    if (levels[entryLevel] < levels[level]) return () => undefined;
    return (message: string, fields: LogFields = {}) => {
      write(
        `${JSON.stringify({ level: entryLevel, time: new Date().toISOString(), msg: message, ...bound, ...fields })}\n`,
      );
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** What may be logged about something thrown: its message and code, never its details. */
export function errorFields(thrown: unknown): LogFields {
  if (!(thrown instanceof Error)) return { error: String(thrown) };
  const code = 'code' in thrown ? thrown.code : undefined;
  return { error: thrown.message, ...(code === undefined ? {} : { code }) };
}
