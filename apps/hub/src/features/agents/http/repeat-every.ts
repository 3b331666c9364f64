/** Runs `work` again and again, `pauseMs` after it last ended. Returns what stops it. */
export function repeatEvery(pauseMs: number, work: () => Promise<void>, onError: (error: unknown) => void): () => void {
  let isStopped = false;
  let timer: NodeJS.Timeout;
  const next = () => {
    if (isStopped) return;
    timer = setTimeout(() => void work().catch(onError).finally(next), pauseMs);
    timer.unref();
  };
  next();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
