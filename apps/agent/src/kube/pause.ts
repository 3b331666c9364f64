/** Waits, or rejects with the signal's reason when it is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Full jitter: anything between nothing and the exponential ceiling, so that many waiters spread out. */
export function jitteredBackoffMs(attempt: number, limits: { firstMs: number; mostMs: number }): number {
  return Math.random() * Math.min(limits.mostMs, limits.firstMs * 2 ** Math.min(attempt, 20));
}
