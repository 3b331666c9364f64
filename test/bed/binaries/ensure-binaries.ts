import { join } from 'node:path';
import { withLock } from '../lock.ts';
import { type Binaries, type BinaryName, binaryNames } from '../versions.ts';
import { type BinariesProgress, describeProgress } from './describe-progress.ts';
import { archivedBinaryNames, fetchEnvtestArchive } from './envtest-archive.ts';
import { buildBinary } from './go-build.ts';
import { builtDirectory, cacheDirectory, type Environment, findBinary, searchDirectories } from './lookup.ts';

/** Gets a line for a person, and the same as fields for whoever shows progress in another style. */
export type OnBinariesProgress = (line: string, progress: BinariesProgress) => void;

export interface EnsureBinariesOptions<N extends BinaryName> {
  /** Only these; default is everything. */
  readonly names?: readonly N[];
  /** How often a step that takes long is reported again; a terminal that shows one changing line wants 1,000. */
  readonly repeatMs?: number;
  readonly environment?: Environment;
}

/**
 * Finds the programs of the bed, and builds what is missing: once per machine, whoever asks first; others wait for it.
 * Says nothing through `onProgress` when everything is there already.
 */
export async function ensureBinaries<N extends BinaryName = BinaryName>(
  onProgress?: OnBinariesProgress,
  options: EnsureBinariesOptions<N> = {},
): Promise<Binaries<N>> {
  const names: readonly BinaryName[] = options.names ?? binaryNames;
  const environment = options.environment ?? process.env;
  const repeatMs = options.repeatMs ?? 15_000;
  const found = findAll(names, environment);
  if (found.missing.length === 0) return found.paths as Binaries<N>;
  const report: Report = (progress) => onProgress?.(describeProgress(progress), progress);
  return withLock(
    join(cacheDirectory(environment), 'build.lock'),
    async () => {
      await obtainMissing(names, environment, { report, repeatMs });
      return findAll(names, environment).paths as Binaries<N>;
    },
    {
      pollMs: Math.min(repeatMs, 1_000),
      onWait: atMostEvery(repeatMs, (pid, elapsedMs) =>
        report({ state: 'waiting', subject: `process ${pid}`, index: 1, total: names.length, elapsedMs }),
      ),
    },
  );
}

type Report = (progress: BinariesProgress) => void;

interface Reporting {
  readonly report: Report;
  readonly repeatMs: number;
}

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

async function obtainMissing(
  names: readonly BinaryName[],
  environment: Environment,
  reporting: Reporting,
): Promise<void> {
  const total = names.length;
  const { missing } = findAll(names, environment);
  if (archivedBinaryNames.every((name) => missing.includes(name))) {
    const fetching = { state: 'fetching', subject: 'envtest archive', index: 1, total } as const;
    await timed(reporting, fetching, () => fetchEnvtestArchive(builtDirectory('kube-apiserver', environment)));
  }
  for (const name of findAll(names, environment).missing) {
    const building = { state: 'building', subject: name, index: names.indexOf(name) + 1, total } as const;
    const elapsedMs = await timed(reporting, building, () => buildBinary(name, builtDirectory(name, environment)));
    reporting.report({ ...building, state: 'built', elapsedMs });
  }
}

/** Reports the step at once and again until the work is done; gives the time the work took. */
async function timed(
  { report, repeatMs }: Reporting,
  step: Omit<BinariesProgress, 'elapsedMs'>,
  work: () => Promise<unknown>,
): Promise<number> {
  const startedAt = Date.now();
  report({ ...step, elapsedMs: 0 });
  const repeating = setInterval(() => report({ ...step, elapsedMs: Date.now() - startedAt }), repeatMs);
  try {
    await work();
    return Date.now() - startedAt;
  } finally {
    clearInterval(repeating);
  }
}

function atMostEvery(ms: number, call: (pid: number, elapsedMs: number) => void): typeof call {
  let nextAt = 0;
  return (pid, elapsedMs) => {
    if (elapsedMs < nextAt) return;
    nextAt = elapsedMs + ms;
    call(pid, elapsedMs);
  };
}
