import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultTargetSettings } from '@fairlead/shared/contracts';
import type { Assignment } from '@fairlead/shared/contracts';
import type { Logger } from '../../logger.ts';
import { ProgressStore } from './progress-store.ts';
import { TargetState } from './target-state.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe('progress on disk', () => {
  const assignment: Assignment = {
    app: 'shop',
    counter: 3,
    digest: 'd'.repeat(64),
    release: { id: 1, group: 'shop', number: 1, commit: 'c0ffee' },
    mode: 'reconcile',
    deletion: null,
    settings: defaultTargetSettings,
    confirmedPrune: null,
    traceparent: null,
  };
  const stored = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'fairlead-progress-'));
    const store = new ProgressStore(directory, silent as unknown as Logger);
    await store.loadAll();
    const state = new TargetState('shop');
    state.begin(assignment);
    state.learnEntries([
      {
        id: { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' },
        apiVersion: 'v1',
        uid: 'u',
        ownedSetHash: 'f',
        appliedHash: 'h',
      },
    ]);
    const progress = state.progress();
    if (progress === null) throw new Error('no progress');
    await store.save(progress);
    const [name = ''] = (await readdir(join(directory, 'apps'))).filter((each) => each.endsWith('.json'));
    return { store, progress, path: join(directory, 'apps', name) };
  };

  it('comes back as it was saved', async () => {
    const { store, progress } = await stored();
    expect(await store.loadAll()).toEqual([JSON.parse(JSON.stringify(progress))]);
  });

  it('[case 197] is as good as none when it is torn, of another version, or misses what this version needs', async () => {
    const { store, path } = await stored();
    const whole = await readFile(path, 'utf8');
    const document = JSON.parse(whole) as Record<string, unknown>;
    const broken = [
      whole.slice(0, whole.length / 2),
      '',
      'null',
      JSON.stringify({ ...document, format: '2' }),
      JSON.stringify({ ...document, assignment: { ...assignment, settings: { namespace: null } } }),
      JSON.stringify({ ...document, objects: [{ key: 'not a key' }] }),
    ];
    for (const text of broken) {
      await writeFile(path, text);
      expect(await store.loadAll()).toEqual([]);
    }
  });
});
