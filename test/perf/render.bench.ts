// The render benchmark: distinct overlays of 23 objects, ours in one process beside one kustomize process each.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatObjectId, objectDigest, objectId, snapshotDigest } from '@fairlead/manifests';
import type { AppManifest, SourceTree } from '@fairlead/render';
import { formatFinding, ParseCache, parseApp, renderTarget } from '@fairlead/render';
import { ensureBinaries } from '../bed/bed.ts';
import { overlayName, shopTree } from './shop-tree.ts';

export interface RenderBenchLine {
  readonly name: 'render';
  readonly unit: 'ms/overlay';
  /** Mean over all overlays, the first and coldest included. */
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
  readonly n: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly max: number;
  /** The same overlays again after one file of the base changed. */
  readonly changedFile: number;
}

const objectsPerOverlay = 23;

const appText = `apiVersion: fairlead.dev/v1
kind: App
metadata: {name: shop}
spec:
  render: {path: "overlays/\${cluster.name}"}
`;

/** Both sides one after the other, nothing in parallel; ours starts with nothing parsed. */
export async function run(options: { quick: boolean; json: boolean }): Promise<RenderBenchLine> {
  const n = options.quick ? 150 : 1000;
  const { kustomize } = await ensureBinaries((line) => process.stderr.write(`${line}\n`), { names: ['kustomize'] });
  const directory = mkdtempSync(join(tmpdir(), 'fairlead-render-bench-'));
  try {
    for (const [path, content] of shopTree(n)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    const cache = new ParseCache();
    const cold = renderAll(directory, n, cache);
    const gateway = join(directory, 'base/gateway.yaml');
    writeFileSync(gateway, readFileSync(gateway, 'utf8').replace('cpu: 100m', 'cpu: 110m'));
    const changed = renderAll(directory, n, cache);
    const theirs = Array.from({ length: n }, (_, index) => timeKustomize(kustomize, directory, index));
    return line(cold, theirs, changed);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function renderAll(directory: string, n: number, cache: ParseCache): number[] {
  const app = readApp();
  const tree = identifiedTree(directory);
  return Array.from({ length: n }, (_, index) => {
    const start = performance.now();
    renderOne(app, tree, index, cache);
    return performance.now() - start;
  });
}

function readApp(): AppManifest {
  const parsed = parseApp(appText, 'fairlead.yaml');
  if (!parsed.ok) throw new Error(parsed.errors.map(formatFinding).join('\n'));
  return parsed.app;
}

/** What the hub does for one target: build, digest of each object, digest of the release. */
function renderOne(app: AppManifest, tree: SourceTree, index: number, cache: ParseCache): string {
  const cluster = { name: overlayName(index), labels: {}, annotations: {}, kubernetesVersion: null };
  const result = renderTarget({ tree, appDir: '', app, cluster, cache });
  if (!result.ok) throw new Error(result.errors.map(formatFinding).join('\n'));
  if (result.objects.length !== objectsPerOverlay)
    throw new Error(`${result.objects.length} objects instead of ${objectsPerOverlay}`);
  return snapshotDigest(
    result.objects.map((object) => ({ id: formatObjectId(objectId(object)), digest: objectDigest(object) })),
  );
}

/** Files with an id of their content, as a Git tree has them; each is read from disk once. */
function identifiedTree(root: string): SourceTree {
  const files = new Map<string, { content: Uint8Array; id: string } | null>();
  const read = (path: string): { content: Uint8Array; id: string } | null => {
    const known = files.get(path);
    if (known !== undefined) return known;
    const isFile = statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true;
    const content = isFile ? readFileSync(join(root, path)) : null;
    const file = content === null ? null : { content, id: createHash('sha1').update(content).digest('hex') };
    files.set(path, file);
    return file;
  };
  return {
    readFile: (path) => read(path)?.content ?? null,
    listDirectory: (path) => {
      const isDirectory = statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() === true;
      return isDirectory ? readdirSync(join(root, path)) : null;
    },
    contentId: (path) => read(path)?.id ?? null,
  };
}

function timeKustomize(kustomize: string, directory: string, index: number): number {
  const start = performance.now();
  // One processor, as ours has.
  const env = { ...process.env, GOMAXPROCS: '1' };
  const result = spawnSync(kustomize, ['build', join(directory, 'overlays', overlayName(index))], { env });
  const elapsed = performance.now() - start;
  if (result.status !== 0) throw new Error(`kustomize failed: ${result.stderr.toString()}`);
  return elapsed;
}

function line(cold: readonly number[], theirs: readonly number[], changed: readonly number[]): RenderBenchLine {
  const sorted = [...cold].sort((left, right) => left - right);
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  const ours = mean(cold);
  const reference = mean(theirs);
  return {
    name: 'render',
    unit: 'ms/overlay',
    ours: round(ours),
    theirs: round(reference),
    ratio: round(ours / reference, 4),
    n: cold.length,
    min: at(0),
    p50: at(0.5),
    p90: at(0.9),
    max: at(1),
    changedFile: round(mean(changed)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
