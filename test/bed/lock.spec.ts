import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock.ts';

function aLockPath(): string {
  return join(mkdtempSync(join(tmpdir(), 'fairlead-lock-')), 'build.lock');
}

const neverRunningPid = 2 ** 30;

describe('the build lock', () => {
  it('lets one caller work at a time and leaves nothing behind', async () => {
    const path = aLockPath();
    let inside = 0;
    let most = 0;
    const work = async (result: number) => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      return result;
    };
    const results = await Promise.all([1, 2, 3, 4].map((n) => withLock(path, () => work(n), { pollMs: 1 })));
    expect(results).toEqual([1, 2, 3, 4]);
    expect(most).toBe(1);
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('is given back when the work fails', async () => {
    const path = aLockPath();
    await expect(withLock(path, () => Promise.reject(new Error('no Go here')))).rejects.toThrow('no Go here');
    await expect(withLock(path, () => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('is taken over from a process that is gone', async () => {
    const path = aLockPath();
    writeFileSync(path, `${neverRunningPid} left\n`);
    await expect(withLock(path, () => Promise.resolve('mine'))).resolves.toBe('mine');
  });

  it('is taken over when nobody refreshed it, even if the process id is in use', async () => {
    const path = aLockPath();
    writeFileSync(path, `${process.pid} old\n`);
    utimesSync(path, new Date(0), new Date(0));
    await expect(withLock(path, () => Promise.resolve('mine'))).resolves.toBe('mine');
  });

  it('says who holds it while waiting', async () => {
    const path = aLockPath();
    const heard: number[] = [];
    const held = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const first = withLock(path, () => {
      held.resolve();
      return released.promise;
    });
    await held.promise;
    await withLock(path, () => Promise.resolve(), {
      pollMs: 1,
      onWait: (pid) => {
        heard.push(pid);
        released.resolve();
      },
    });
    await first;
    expect(heard[0]).toBe(process.pid);
  });
});
