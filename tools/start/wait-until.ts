import { setTimeout as pause } from 'node:timers/promises';
import { StartError } from './start-error.ts';

/** Asks `look` until it gives something, at most `withinMs`; `look` throws when waiting longer is pointless. */
export async function waitUntil<T>(
  what: string,
  withinMs: number,
  look: () => Promise<T | null>,
  explain: () => string = () => 'See .fairlead/logs for what was going on.',
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new StartError(`${what} took longer than ${withinMs / 1000} s`, explain());
    await pause(100);
  }
}
