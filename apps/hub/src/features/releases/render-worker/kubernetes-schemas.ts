import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Beside the hub's own bundle; when the hub runs from its sources, among them.
const places = ['schemas', '../../../schemas'];

/** The schemas that come with the hub: definitions by minor version, JSON, gzip. */
export function bundledSchemas(): ReadonlyMap<string, Uint8Array> {
  const directory = places.map((place) => join(import.meta.dirname, place)).find(hasSchemas);
  if (directory === undefined) return new Map();
  return new Map(
    readdirSync(directory).flatMap((name) => {
      const minor = minorOf(name);
      return minor === null ? [] : [[minor, readFileSync(join(directory, name))] as const];
    }),
  );
}

/** The minor version to hold a cluster's objects against: its own, or the nearest there is. */
export function chooseMinor(minors: Iterable<string>, kubernetesVersion: string | null): string {
  const known = [...minors].sort((left, right) => numberOf(left) - numberOf(right));
  const newest = known.at(-1) ?? '';
  const wanted = /^v?1\.(\d+)/.exec(kubernetesVersion ?? '')?.[1];
  if (wanted === undefined) return newest;
  return known.find((minor) => numberOf(minor) >= Number(wanted)) ?? newest;
}

function hasSchemas(directory: string): boolean {
  return existsSync(directory) && readdirSync(directory).some((name) => minorOf(name) !== null);
}

function minorOf(fileName: string): string | null {
  return /^kubernetes-(\d+\.\d+)\.json\.gz$/.exec(fileName)?.[1] ?? null;
}

function numberOf(minor: string): number {
  return Number(minor.slice(minor.indexOf('.') + 1));
}
