import { join } from 'node:path';
import { withLock } from '../lock.ts';
import { type Binaries, type BinaryName, binaryNames } from '../versions.ts';
import { archivedBinaryNames, fetchEnvtestArchive } from './envtest-archive.ts';
import { buildBinary } from './go-build.ts';
import { builtDirectory, cacheDirectory, type Environment, findBinary, searchDirectories } from './lookup.ts';

/** One line of progress. `building` repeats every second, so that a terminal can show the time passing. */
export interface BinariesProgress {
  readonly state: 'waiting' | 'fetching' | 'building' | 'built';
  /** The program, or for `waiting` and `fetching` what is waited for. */
  readonly subject: string;
  /** Position among the wanted programs, from 1. */
  readonly index: number;
  readonly total: number;
  readonly elapsedMs: number;
}

export interface EnsureBinariesOptions<N extends BinaryName> {
  /** Only these; default is everything. */
  readonly names?: readonly N[];
  readonly onProgress?: (progress: BinariesProgress) => void;
  readonly environment?: Environment;
}

/**
 * Finds the programs of the bed, and builds what is missing: once per machine, whoever asks first; others wait for it.
 * Says nothing through `onProgress` when everything is there already.
 */
export async function ensureBinaries<N extends BinaryName = BinaryName>(
  options: EnsureBinariesOptions<N> = {},
): Promise<Binaries<N>> {
  const names: readonly BinaryName[] = options.names ?? binaryNames;
  const environment = options.environment ?? process.env;
  const found = findAll(names, environment);
  if (found.missing.length === 0) return found.paths as Binaries<N>;
  const report = options.onProgress ?? (() => undefined);
  return withLock(
    join(cacheDirectory(environment), 'build.lock'),
    async () => {
      await obtainMissing(names, environment, report);
      return findAll(names, environment).paths as Binaries<N>;
    },
    {
      onWait: (pid, elapsedMs) =>
        report({ state: 'waiting', subject: `process ${pid}`, index: 1, total: names.length, elapsedMs }),
    },
  );
}

type Report = (progress: BinariesProgress) => void;

interface Found {
  readonly paths: Partial<Record<BinaryName, string>>;
  readonly missing: readonly BinaryName[];
}

function findAll(names: readonly BinaryName[], environment: Environment): Found {
  const directories = searchDirectories(environment);
  const entries = names.map((name) => [name, findBinary(name, directories)] as const);
  const missing = entries.flatMap(([name, path]) => (path === null ? name : []));
  return { paths: Object.fromEntries(entries.filter(([, path]) => path !== null)), missing };
}

async function obtainMissing(names: readonly BinaryName[], environment: Environment, report: Report): Promise<void> {
  const directory = builtDirectory(environment);
  const total = names.length;
  const { missing } = findAll(names, environment);
  if (archivedBinaryNames.every((name) => missing.includes(name))) {
    await timed(
      (elapsedMs) => report({ state: 'fetching', subject: 'envtest archive', index: 1, total, elapsedMs }),
      () => fetchEnvtestArchive(directory),
    );
  }
  for (const name of findAll(names, environment).missing) {
    const place = { subject: name, index: names.indexOf(name) + 1, total };
    const elapsedMs = await timed(
      (elapsed) => report({ state: 'building', ...place, elapsedMs: elapsed }),
      () => buildBinary(name, directory),
    );
    report({ state: 'built', ...place, elapsedMs });
  }
}

/** Calls `tick` at once and every second until the work is done; gives the time the work took. */
async function timed(tick: (elapsedMs: number) => void, work: () => Promise<unknown>): Promise<number> {
  const startedAt = Date.now();
  tick(0);
  const ticking = setInterval(() => tick(Date.now() - startedAt), 1_000);
  try {
    await work();
    return Date.now() - startedAt;
  } finally {
    clearInterval(ticking);
  }
}
