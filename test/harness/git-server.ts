import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TestRepository extends AsyncDisposable {
  /** What a source follows. */
  readonly url: string;
  readonly directory: string;
  /** Writes (or, with null, deletes) files on `main` and pushes one commit; returns its id. */
  commit(files: Record<string, string | null>, message?: string): Promise<string>;
  /** Like `commit`, but in place of the newest commit: a force push. */
  rewrite(files: Record<string, string | null>, message?: string): Promise<string>;
  /** Runs git in the working copy. */
  git(...command: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** A bare repository with a working copy beside it, below `directory` (a temporary one when left out). */
export async function createRepository(directory?: string): Promise<TestRepository> {
  const root = directory ?? (await mkdtemp(join(tmpdir(), 'fairlead-git-')));
  const bare = join(root, 'origin.git');
  const work = join(root, 'work');
  await mkdir(root, { recursive: true });
  await gitIn(root, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  await gitIn(root, 'clone', '--quiet', bare, work);
  await gitIn(work, 'checkout', '--quiet', '-B', 'main');

  const record = async (files: Record<string, string | null>, message: string, extra: string[]) => {
    for (const [path, content] of Object.entries(files)) {
      const target = join(work, path);
      if (content === null) {
        await rm(target, { recursive: true, force: true });
        continue;
      }
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    }
    await gitIn(work, 'add', '--all');
    await gitIn(work, 'commit', '--quiet', '--allow-empty', '--message', message, ...extra);
    await gitIn(work, 'push', '--quiet', '--force', 'origin', 'main');
    return (await gitIn(work, 'rev-parse', 'HEAD')).trim();
  };

  const remove = () => rm(root, { recursive: true, force: true });
  return {
    url: pathToFileURL(bare).href,
    directory: bare,
    commit: (files, message = 'Change files') => record(files, message, []),
    rewrite: (files, message = 'Rewrite history') => record(files, message, ['--amend']),
    git: (...command) => gitIn(work, ...command),
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

async function gitIn(directory: string, ...command: string[]): Promise<string> {
  const { stdout } = await run('git', command, {
    cwd: directory,
    env: { ...process.env, ...identity },
    maxBuffer: 1e8,
  });
  return stdout;
}

// Nothing of the machine's own git configuration may change what a test sees.
const identity = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada Author',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada Author',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};
