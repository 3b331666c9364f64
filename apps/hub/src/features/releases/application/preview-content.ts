import type { SnapshotObjects } from '../domain/target-changes.ts';
import type { PreviewStore } from './preview.store.ts';
import type { RenderStore } from './reading.store.ts';
import type { RenderedApp } from './renderer.ts';

/** Takes what the renders of a preview leave behind, in memory: nothing of it is ever stored. */
export class PreviewContent implements RenderStore {
  readonly #store: PreviewStore;
  readonly #snapshots = new Map<string, SnapshotObjects>();
  readonly #blobs = new Map<string, Uint8Array>();

  constructor(store: PreviewStore) {
    this.#store = store;
  }

  readTraces(app: Parameters<RenderStore['readTraces']>[0]): ReturnType<RenderStore['readTraces']> {
    return this.#store.readTraces(app);
  }

  async saveTraces(): Promise<void> {
    // The next render must not take over what only a preview saw.
  }

  async saveContent({ snapshots, blobs }: Pick<RenderedApp, 'snapshots' | 'blobs'>): Promise<void> {
    for (const { digest, objects } of snapshots)
      this.#snapshots.set(digest, new Map(objects.map((object) => [object.id, object.digest])));
    const stored = await this.#store.findBlobs(blobs.map(({ digest }) => digest));
    for (const { digest, content } of blobs) if (!stored.has(digest)) this.#blobs.set(digest, content);
  }

  /** Objects of snapshots, of this preview or stored ones. */
  async listObjects(digests: readonly string[]): Promise<Map<string, SnapshotObjects>> {
    const found = await this.#store.listObjects(digests.filter((digest) => !this.#snapshots.has(digest)));
    for (const digest of digests) {
      const own = this.#snapshots.get(digest);
      if (own !== undefined) found.set(digest, own);
    }
    return found;
  }

  /** Canonical JSON of those contents that only this preview has. */
  async readOwn(digests: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const digest of digests) {
      const content = this.#blobs.get(digest);
      if (content !== undefined) found.set(digest, await this.#store.unpack(content));
    }
    return found;
  }
}
