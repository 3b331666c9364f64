import { mkdtempSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, sha256Hex, snapshotDigest } from '@fairlead/manifests';
import { SnapshotStore } from './snapshot-store.ts';

describe('the snapshot store', () => {
  const makeStore = async () => {
    const directory = mkdtempSync(join(tmpdir(), 'fairlead-snapshots-'));
    const store = new SnapshotStore(directory);
    await store.open();
    return { store, directory: join(directory, 'snapshots') };
  };

  it('gives back every object, also after a restart', async () => {
    const { store } = await makeStore();
    const { digest, contents } = snapshotOf(['a', 'größe']);
    await store.save(digest, contents);
    const found = await store.find(digest);
    if (found === null) throw new Error('not found');
    const reader = await store.reader(found);
    expect(await Promise.all(found.objects.map((object) => reader.json(object)))).toEqual(
      contents.map(({ json }) => json),
    );
    expect((await reader.object(found.objects[1]!)).metadata.name).toBe('größe');
    await reader.close();
  });

  it('refuses content that does not have its digest', async () => {
    const { store, directory } = await makeStore();
    const { digest, contents } = snapshotOf(['a', 'b']);
    const [first, second] = contents as [(typeof contents)[0], (typeof contents)[0]];
    await expect(store.save(digest, [first])).rejects.toThrow('the snapshot does not have its digest');
    await expect(store.save(digest, [first, { ...second, json: first.json }])).rejects.toThrow(
      'an object does not have its digest',
    );
    expect(readdirSync(directory)).toEqual([]);
  });

  it('does not find a file that is not whole, and does not read one that was changed', async () => {
    const { store, directory } = await makeStore();
    const { digest, contents } = snapshotOf(['a', 'b']);
    const snapshot = await store.save(digest, contents);
    const path = join(directory, `${digest}.objects`);
    writeFileSync(path, contents.map(({ json }) => `${json.replace('ConfigMap', 'ConfigMop')}\n`).join(''));
    const reader = await store.reader(snapshot);
    await expect(reader.json(snapshot.objects[0]!)).rejects.toThrow('a stored object does not have its digest');
    truncateSync(path, 10);
    expect(await store.find(digest)).toBeNull();
  });

  it('keeps a snapshot without objects', async () => {
    const { store } = await makeStore();
    const { digest } = snapshotOf([]);
    await store.save(digest, []);
    expect(await store.find(digest)).toEqual({ digest, objects: [] });
  });
});

function snapshotOf(names: string[]) {
  const contents = names.map((name) => {
    const json = canonicalJson({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
    return { id: `/ConfigMap//${name}`, digest: sha256Hex(json), json };
  });
  return { digest: snapshotDigest(contents), contents };
}
