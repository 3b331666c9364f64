import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assignment } from '@fairlead/shared/contracts';
import type { SnapshotObject } from '../../hub/snapshot-store.ts';

export type ApplyPhase = 'received' | 'applied' | 'failed';

export interface StoredObject {
  readonly key: string;
  readonly apiVersion: string;
  readonly desired: SnapshotObject | null;
  readonly appliedHash: string | null;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly ownedSetHash: string;
  readonly verifiedAt: string;
}

/** How far one app has come; enough to go on after a restart without the hub. */
export interface Progress {
  readonly assignment: Assignment;
  readonly phase: ApplyPhase;
  /** Digest whose objects are listed. */
  readonly plannedDigest: string | null;
  /** Digest that was applied whole the last time. */
  readonly appliedDigest: string | null;
  /** The app was healthy on that digest. */
  readonly succeeded: boolean;
  readonly objects: readonly StoredObject[];
}

/** Progress on disk, one file per app, replaced as a whole. */
export class ProgressStore {
  readonly #directory: string;

  constructor(stateDir: string) {
    this.#directory = join(stateDir, 'apps');
  }

  async loadAll(): Promise<Progress[]> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const all: Progress[] = [];
    for (const name of await readdir(this.#directory)) {
      if (!name.endsWith('.json')) continue;
      try {
        all.push(JSON.parse(await readFile(join(this.#directory, name), 'utf8')) as Progress);
      } catch {
        // A torn file of a machine that lost power: the hub assigns the app again, and everything is applied again.
        continue;
      }
    }
    return all;
  }

  async save(progress: Progress): Promise<void> {
    const path = join(this.#directory, `${encodeURIComponent(progress.assignment.app)}.json`);
    await writeFile(`${path}.draft`, JSON.stringify(progress), { mode: 0o600 });
    await rename(`${path}.draft`, path);
  }
}
