import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '@fairlead/shared/kernel';
import type { KubeObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject, isKubeObject, parseExactJson, sha256Hex, snapshotDigest } from '@fairlead/manifests';
import { objectFacts } from '../domain/apply/object-facts.ts';
import type { ObjectFacts } from '../domain/apply/object-facts.ts';

export interface SnapshotObject {
  /** Key as the hub rendered it. */
  readonly id: string;
  readonly digest: string;
  readonly apiVersion: string;
  /** What the plan has to know of it; null when there is nothing special. */
  readonly facts: ObjectFacts | null;
  /** Where its JSON stands in the file. */
  readonly offset: number;
  readonly length: number;
}

export interface Snapshot {
  readonly digest: string;
  readonly objects: readonly SnapshotObject[];
}

export interface SnapshotContent {
  readonly id: string;
  readonly digest: string;
  readonly json: string;
}

const sizeLimitBytes = 512 * 1024 * 1024;
const readWholeBytes = 1024 * 1024;

/**
 * Snapshots on disk, one file each, in the sealed form the hub sent. A line of JSON per object, found by its offset, so
 * that applying one object of thousands reads one object. Every object is checked against its digest whenever it is read.
 */
export class SnapshotStore {
  readonly #directory: string;

  constructor(stateDir: string) {
    this.#directory = join(stateDir, 'snapshots');
  }

  async open(): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
  }

  /** The snapshot, or null when it is not here whole. */
  async find(digest: string): Promise<Snapshot | null> {
    try {
      const index = JSON.parse(await readFile(this.#path(digest, 'index'), 'utf8')) as SnapshotObject[];
      const { size } = await stat(this.#path(digest, 'objects'));
      const last = index.at(-1);
      if (size !== (last === undefined ? 0 : last.offset + last.length + 1)) return null;
      if (snapshotDigest(index) !== digest || index.some((object) => object.facts === undefined)) return null;
      const now = new Date();
      await utimes(this.#path(digest, 'index'), now, now);
      return { digest, objects: index };
    } catch {
      // Not here, of an earlier version, or a torn file of a machine that lost power: it is fetched again.
      return null;
    }
  }

  /** Stores a snapshot after checking every object and the whole against their digests. */
  async save(digest: string, contents: readonly SnapshotContent[]): Promise<Snapshot> {
    if (snapshotDigest(contents) !== digest) throw corrupt('the snapshot does not have its digest');
    const objects: SnapshotObject[] = [];
    const lines: string[] = [];
    let offset = 0;
    for (const { id, digest: objectDigest, json } of contents) {
      if (sha256Hex(json) !== objectDigest) throw corrupt('an object does not have its digest', { object: id });
      const object = parseExactJson(json);
      // What is not valid is kept: the plan says why, of all objects together.
      if (!isJsonObject(object)) throw corrupt('an object is no JSON object', { object: id });
      const apiVersion = fieldOf(object, 'apiVersion');
      const length = Buffer.byteLength(json);
      objects.push({
        id,
        digest: objectDigest,
        apiVersion: typeof apiVersion === 'string' ? apiVersion : '',
        facts: objectFacts(object),
        offset,
        length,
      });
      lines.push(json, '\n');
      offset += length + 1;
    }
    await this.#replace(this.#path(digest, 'objects'), lines.join(''));
    await this.#replace(this.#path(digest, 'index'), JSON.stringify(objects));
    return { digest, objects };
  }

  /** Opens the objects of a snapshot for reading one by one. */
  async reader(snapshot: Snapshot): Promise<SnapshotReader> {
    const path = this.#path(snapshot.digest, 'objects');
    const last = snapshot.objects.at(-1);
    const size = last === undefined ? 0 : last.offset + last.length;
    return size <= readWholeBytes
      ? new SnapshotReader(await readFile(path))
      : new SnapshotReader(await open(path, 'r'));
  }

  /** Forgets the oldest snapshots that nobody refers to, until the rest fits. */
  async trim(inUse: ReadonlySet<string>): Promise<void> {
    const files: { digest: string; bytes: number; usedAt: number }[] = [];
    for (const name of await readdir(this.#directory)) {
      const digest = name.split('.')[0] ?? '';
      if (!name.endsWith('.index') || inUse.has(digest)) continue;
      const [index, objects] = await Promise.all([
        stat(this.#path(digest, 'index')),
        stat(this.#path(digest, 'objects')).catch(() => ({ size: 0 })),
      ]);
      files.push({ digest, bytes: index.size + objects.size, usedAt: index.mtimeMs });
    }
    files.sort((left, right) => right.usedAt - left.usedAt);
    let total = 0;
    for (const { digest, bytes } of files) {
      total += bytes;
      if (total <= sizeLimitBytes) continue;
      await rm(this.#path(digest, 'index'), { force: true });
      await rm(this.#path(digest, 'objects'), { force: true });
    }
  }

  #path(digest: string, part: 'index' | 'objects'): string {
    return join(this.#directory, `${digest}.${part}`);
  }

  async #replace(path: string, content: string): Promise<void> {
    const draft = `${path}.draft`;
    await writeFile(draft, content, { mode: 0o600 });
    await rename(draft, path);
  }
}

/** Reads objects of one snapshot; close it after use. Small snapshots are read at once, large ones object by object. */
export class SnapshotReader {
  readonly #content: Buffer | FileHandle;

  constructor(content: Buffer | FileHandle) {
    this.#content = content;
  }

  async json(object: SnapshotObject): Promise<string> {
    const bytes = Buffer.isBuffer(this.#content)
      ? this.#content.subarray(object.offset, object.offset + object.length)
      : await readRange(this.#content, object);
    if (sha256Hex(bytes) !== object.digest) {
      throw corrupt('a stored object does not have its digest', { object: object.id });
    }
    return bytes.toString('utf8');
  }

  async object(object: SnapshotObject): Promise<KubeObject> {
    const parsed = parseExactJson(await this.json(object));
    if (!isKubeObject(parsed)) throw corrupt('an object is no Kubernetes object', { object: object.id });
    return parsed;
  }

  async close(): Promise<void> {
    if (!Buffer.isBuffer(this.#content)) await this.#content.close();
  }
}

async function readRange(file: FileHandle, { offset, length }: SnapshotObject): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  await file.read(buffer, 0, length, offset);
  return buffer;
}

function corrupt(message: string, details: Record<string, unknown> = {}): CodedError {
  return new CodedError({ code: 'agent.snapshot-corrupt', kind: 'unavailable' }, message, details);
}
