/** Codes of a database that is away, restarting or full: passing by themselves, so worth trying again. */
const outageCodes = /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/;
const outageMessages = [
  'Connection terminated',
  'Client has encountered a connection error',
  'timeout exceeded when trying to connect',
];

/** Whether something thrown says that the database cannot be reached right now. */
export function isDatabaseOutage(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null) return false;
  if ('code' in thrown && typeof thrown.code === 'string' && outageCodes.test(thrown.code)) return true;
  const message = 'message' in thrown ? String(thrown.message) : '';
  return outageMessages.some((text) => message.startsWith(text));
}
