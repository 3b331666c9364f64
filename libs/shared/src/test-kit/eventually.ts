/**
 * Repeats `assertion` until it stops throwing, and returns its value. Throws the last error when the deadline passes.
 * The wait between tries grows from 10 ms to 200 ms, so that fast things stay fast.
 */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let pauseMs = 10;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > deadline) {
        throw new Error(
          `still not so after ${timeoutMs} ms: ${error instanceof Error ? error.message : String(error)}`,
          {
            cause: error,
          },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      pauseMs = Math.min(200, pauseMs * 1.5);
    }
  }
}
