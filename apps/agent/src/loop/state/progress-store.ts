import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assignment, DriftItemReport, Notice } from '@fairlead/shared/contracts';
import type { StoredMemory } from '../health/health-memory.ts';
import type { Place } from '../../domain/apply/order.ts';
import { check } from '../../hub/shape.ts';
import type { SnapshotObject } from '../../hub/snapshot-store.ts';
import type { Logger } from '../../logger.ts';
import type { StoredHook } from '../hooks/target-hooks.ts';
import { progressShape } from './progress-shape.ts';

export type ApplyPhase = 'received' | 'applied' | 'failed' | 'deleted';

export interface StoredObject {
  readonly key: string;
  readonly apiVersion: string;
  readonly desired: SnapshotObject | null;
  readonly mayGo: boolean;
  readonly appliedHash: string | null;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly ownedSetHash: string;
  readonly verifiedAt: string;
  readonly awaits: StoredMemory | null;
  /** What others had set besides us when it was looked at last, as a hash. */
  readonly foreignHash: string;
  /** Drift that was told and is not closed yet. */
  readonly openDrift: readonly DriftItemReport[];
  /** Where it stands in the order; null when its kind alone says so. */
  readonly place: Place | null;
}

export const progressFormat = '1';

/** How far one app has come; enough to go on after a restart without the hub. */
export interface Progress {
  readonly format: typeof progressFormat;
  readonly assignment: Assignment;
  readonly phase: ApplyPhase;
  /** Digest whose objects are listed. */
  readonly plannedDigest: string | null;
  /** Digest that was applied whole the last time. */
  readonly appliedDigest: string | null;
  /** The app was healthy on that digest. */
  readonly succeeded: boolean;
  /** What is to be said of objects that left the app and are not listed any more. */
  readonly parted: readonly Notice[];
  readonly objects: readonly StoredObject[];
  readonly hooks: readonly StoredHook[];
}

/** Progress on disk, one file per app, replaced as a whole. */
export class ProgressStore {
  readonly #directory: string;
  readonly #log: Logger;

  constructor(stateDir: string, log: Logger) {
    this.#directory = join(stateDir, 'apps');
    this.#log = log;
  }

  /**
   * All files that this version can read. A torn one, or one of another version, is as good as none: the hub assigns the
   * app again, and its inventory says what it has.
   */
  async loadAll(): Promise<Progress[]> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const all: Progress[] = [];
    for (const name of await readdir(this.#directory)) {
      if (!name.endsWith('.json')) continue;
      const read = check(progressShape, await this.#document(name));
      if (read.ok) all.push(read.value);
      else this.#log.warn('a file of earlier progress cannot be used', { file: name, wrong: read.problem });
    }
    return all;
  }

  async save(progress: Progress): Promise<void> {
    const path = join(this.#directory, `${encodeURIComponent(progress.assignment.app)}.json`);
    await writeFile(`${path}.draft`, JSON.stringify(progress), { mode: 0o600 });
    await rename(`${path}.draft`, path);
  }

  async #document(name: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(join(this.#directory, name), 'utf8'));
    } catch {
      // Torn by a machine that lost power: the check says so.
      return null;
    }
  }
}
