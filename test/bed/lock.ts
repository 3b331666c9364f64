import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface LockOptions {
  /** Called while somebody else holds the lock, with their process id and how long we have waited. */
  readonly onWait?: (holderPid: number, waitedMs: number) => void;
  /** A lock nobody refreshed for this long is abandoned even if its process id is in use again. */
  readonly staleMs?: number;
  readonly pollMs?: number;
}

/**
 * Runs `work` while no other process on this machine does so under the same lock file. A lock whose process is gone, or
 * which was not refreshed for `staleMs` (a process id can be reused, or belong to another container), is taken over.
 */
export async function withLock<T>(path: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const staleMs = options.staleMs ?? 60_000;
  const content = `${process.pid} ${randomUUID()}\n`;
  await mkdir(dirname(path), { recursive: true });
  const startedAt = Date.now();
  while (!(await tryCreate(path, content))) {
    const holder = await readHolder(path);
    if (holder === null) continue;
    if (isAbandoned(holder, staleMs)) await takeAway(path, holder.content);
    else {
      options.onWait?.(holder.pid, Date.now() - startedAt);
      await pause(options.pollMs ?? 500);
    }
  }
  const refresh = setInterval(() => void touch(path), staleMs / 4);
  try {
    return await work();
  } finally {
    clearInterval(refresh);
    if ((await readHolder(path))?.content === content) await rm(path, { force: true });
  }
}

interface Holder {
  readonly pid: number;
  readonly content: string;
  readonly ageMs: number;
}

function isAbandoned(holder: Holder, staleMs: number): boolean {
  return holder.ageMs > staleMs || !isRunning(holder.pid);
}

async function tryCreate(path: string, content: string): Promise<boolean> {
  try {
    // Written beside and linked into place: a lock file is never seen without its content.
    const own = `${path}.${randomUUID()}`;
    await writeFile(own, content, { flag: 'wx' });
    try {
      await link(own, path);
    } finally {
      await rm(own, { force: true });
    }
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    const [content, stats] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { content, pid: Number.parseInt(content, 10), ageMs: Date.now() - stats.mtimeMs };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Two waiters may both see the same abandoned lock. Moving it aside is atomic, and what was moved is looked at again. */
async function takeAway(path: string, content: string): Promise<void> {
  const aside = `${path}.abandoned-${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  try {
    if ((await readFile(aside, 'utf8')) !== content) await link(aside, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  // The file may be gone when the work ends in this very moment; then there is nothing to refresh.
  await utimes(path, now, now).catch(() => undefined);
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
