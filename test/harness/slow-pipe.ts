import type { Socket } from 'node:net';

export interface PipeConditions {
  /** True while nothing may pass. */
  readonly isHeld: () => boolean;
  readonly delayMs: () => number;
}

interface Waiting {
  readonly dueAt: number;
  readonly deliver: () => void;
}

/**
 * Passes bytes and the end of the stream from one socket to the other, in order, each as late as the delay says, and not at
 * all while held. Reading stops while held, so what is held back stays with the sender as on a real path. Returns a function
 * that lets everything pass that waits; call it when holding ends.
 */
export function pipeSlowly(from: Socket, to: Socket, conditions: PipeConditions): () => void {
  const waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  const pump = (now: number): void => {
    clearTimeout(timer);
    if (conditions.isHeld()) {
      from.pause();
      return;
    }
    for (let head = waiting[0]; head !== undefined && head.dueAt <= now; head = waiting[0]) {
      waiting.shift();
      head.deliver();
    }
    const head = waiting[0];
    if (head !== undefined) timer = setTimeout(() => pump(Date.now()), head.dueAt - now);
  };

  const enqueue = (deliver: () => void): void => {
    // Never before what came earlier, also when the delay has just been shortened.
    const dueAt = Math.max(Date.now() + conditions.delayMs(), waiting.at(-1)?.dueAt ?? 0);
    waiting.push({ dueAt, deliver });
    pump(Date.now());
  };

  from.on('data', (chunk: Buffer) => {
    enqueue(() => {
      if (to.destroyed || to.writableEnded || to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
  });
  from.on('end', () => enqueue(() => to.end()));
  from.once('close', () => {
    if (from.errored) clearTimeout(timer);
  });
  return () => {
    pump(Number.POSITIVE_INFINITY);
    from.resume();
  };
}
