import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { Json } from './json.ts';

// Part of every snapshot digest: raise it when the canonical form changes.
const snapshotFormat = 'fairlead.snapshot.v1';

export interface SnapshotEntry {
  /** `formatObjectId` of the object. */
  readonly id: string;
  readonly digest: string;
}

/** SHA-256 of text or bytes, lower-case hex. */
export function sha256Hex(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

/** The digest of one object: SHA-256 over its canonical JSON. */
export function objectDigest(object: Json): string {
  return sha256Hex(canonicalJson(object));
}

/** The digest of a release for one cluster; the order of the entries does not matter. */
export function snapshotDigest(entries: readonly SnapshotEntry[]): string {
  const lines = entries.map((entry) => `${entry.id} ${entry.digest}`).sort();
  return sha256Hex([snapshotFormat, ...lines].join('\n'));
}
