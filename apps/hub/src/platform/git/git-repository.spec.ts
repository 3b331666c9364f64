import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRepository, type TestRepository } from '../../../../../test/harness/git-server.ts';
import { CatFile } from './cat-file.ts';
import { GitRepositories } from './git-repositories.ts';
import { runGit } from './git-command.ts';

describe('the local copy of a repository', () => {
  let origin: TestRepository;
  let root: string;
  let copies: GitRepositories;

  beforeEach(async () => {
    origin = await createRepository();
    root = await mkdtemp(join(tmpdir(), 'fairlead-copies-'));
    copies = new GitRepositories({ root, fetchTimeoutMs: 10_000 });
  });

  afterEach(async () => {
    await copies.close();
    await origin.remove();
    await rm(root, { recursive: true, force: true });
  });

  const fetchMain = (previous: string | null = null) => copies.of(1).fetch({ url: origin.url, ref: 'main', previous });

  it('fetches the head with author and subject', async () => {
    const commit = await origin.commit({ 'a.txt': 'one' }, 'Say one\n\nand why');
    expect(await fetchMain()).toMatchObject({ commit, author: 'Ada Author', subject: 'Say one', rewritten: false });
  });

  it('lists and reads files, leaving links and large files alone', async () => {
    await symlink('/etc/passwd', join(origin.directory, '../work/link.txt'));
    await origin.commit({ 'a/ä b.txt': 'one', 'empty.txt': '', 'large.txt': 'x'.repeat(3000) });
    const { commit } = await fetchMain();
    const { files, unfollowed } = await copies.of(1).listFiles(commit);
    expect([...unfollowed]).toEqual(['link.txt']);
    expect([...files.keys()].sort()).toEqual(['a/ä b.txt', 'empty.txt', 'large.txt']);
    const blobs = await copies.of(1).readBlobs(files.values(), 1000);
    const textOf = (path: string) => {
      const blob = blobs.get(files.get(path)!)!;
      return blob.status === 'found' ? blob.content.toString() : blob;
    };
    expect(textOf('a/ä b.txt')).toBe('one');
    expect(textOf('empty.txt')).toBe('');
    expect(textOf('large.txt')).toMatchObject({ status: 'too-large', size: 3000 });
  });

  it('follows a tag and a full ref', async () => {
    const commit = await origin.commit({ 'a.txt': 'one' });
    await origin.git('tag', '--annotate', 'v1', '--message', 'first');
    await origin.git('push', '--quiet', 'origin', 'v1');
    await origin.commit({ 'a.txt': 'two' });
    expect(await copies.of(1).fetch({ url: origin.url, ref: 'v1', previous: null })).toMatchObject({ commit });
    expect(await copies.of(1).fetch({ url: origin.url, ref: 'refs/tags/v1', previous: null })).toMatchObject({
      commit,
    });
  });

  it('tells an unknown ref from an unreachable repository', async () => {
    await origin.commit({ 'a.txt': 'one' });
    await expect(copies.of(1).fetch({ url: origin.url, ref: 'nope', previous: null })).rejects.toMatchObject({
      code: 'git.unknown-ref',
    });
    await expect(
      copies.of(1).fetch({ url: 'file:///nowhere/at/all.git', ref: 'main', previous: null }),
    ).rejects.toMatchObject({ code: 'git.unreachable' });
    await expect(
      copies.of(1).fetch({ url: 'https://127.0.0.1:9/x.git', ref: 'main', previous: null }),
    ).rejects.toMatchObject({ code: 'git.unreachable' });
  });

  it('notices rewritten history and keeps the commit that was replaced', async () => {
    await origin.commit({ 'a.txt': 'one' });
    const first = await origin.commit({ 'a.txt': 'two' });
    await fetchMain();
    const second = await origin.rewrite({ 'a.txt': 'three' });
    expect(await fetchMain(first)).toMatchObject({ commit: second, rewritten: true });
    await runGit(join(root, '1.git'), 10_000, ['gc', '--quiet', '--prune=now']);
    expect((await copies.of(1).listFiles(first)).files.size).toBe(1);
    const third = await origin.commit({ 'a.txt': 'four' });
    expect(await fetchMain(second)).toMatchObject({ commit: third, rewritten: false });
  });

  it('lends branches, pull requests and commits that are not followed, and forgets them', async () => {
    const followed = await origin.commit({ 'a.txt': 'one' });
    await fetchMain();
    const proposed = await origin.commit({ 'a.txt': 'two' });
    await origin.git('push', '--quiet', '--force', 'origin', `${proposed}:refs/pull/7/head`, `${followed}:main`);
    const refs = () => runGit(join(root, '1.git'), 10_000, ['for-each-ref', '--format=%(refname) %(objectname)']);
    const before = await refs();
    for (const ref of ['refs/pull/7/head', proposed]) {
      const read = await copies.of(1).borrow({ url: origin.url, ref }, async ({ commit }) => {
        expect(await refs()).toMatch(/refs\/fairlead\/preview\/\d+-/);
        return copies.of(1).listFiles(commit);
      });
      expect(read.files.size).toBe(1);
    }
    await expect(copies.of(1).borrow({ url: origin.url, ref: 'nope' }, () => Promise.resolve(1))).rejects.toMatchObject(
      {
        code: 'git.unknown-ref',
      },
    );
    expect(await refs()).toBe(before);
    await expect(
      copies.of(1).borrow({ url: origin.url, ref: 'main' }, () => Promise.reject(new Error('stop'))),
    ).rejects.toThrow('stop');
    expect(await refs()).toBe(before);
  });

  it('drops what a crash left lent', async () => {
    const commit = await origin.commit({ 'a.txt': 'one' });
    await fetchMain();
    const git = (...command: string[]) => runGit(join(root, '1.git'), 10_000, command);
    const now = Math.floor(Date.now() / 1000);
    await git('update-ref', `refs/fairlead/preview/${now - 4000}-old`, commit);
    await git('update-ref', `refs/fairlead/preview/${now}-fresh`, commit);
    await copies.of(1).borrow({ url: origin.url, ref: 'main' }, () => Promise.resolve(null));
    const left = await git('for-each-ref', '--format=%(refname)', 'refs/fairlead/preview/');
    expect(left.trim()).toBe(`refs/fairlead/preview/${now}-fresh`);
  });

  it('reads on after its reader process was killed', async () => {
    await origin.commit({ 'a.txt': 'one' });
    const { commit } = await fetchMain();
    const reader = new CatFile(join(root, '1.git'), { idleMs: 60_000 });
    expect(await reader.read(commit, 1000)).toMatchObject({ status: 'found', type: 'commit' });
    process.kill(reader.pid!, 'SIGKILL');
    await expect(reader.read(commit, 1000)).rejects.toMatchObject({ code: 'git.failed' });
    expect(await reader.read(commit, 1000)).toMatchObject({ status: 'found' });
    expect(await reader.read('0'.repeat(40), 1000)).toEqual({ status: 'missing' });
    reader.close();
  });

  it('fetches a commit that only another replica has seen', async () => {
    const commit = await origin.commit({ 'a.txt': 'one' });
    await copies.of(2).ensureCommit(commit, { url: origin.url, ref: 'main' });
    await expect(copies.of(2).ensureCommit('0'.repeat(40), { url: origin.url, ref: 'main' })).rejects.toMatchObject({
      code: 'git.unknown-commit',
    });
  });
});
