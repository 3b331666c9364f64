// The render benchmark: distinct overlays of 23 objects, ours in one process beside one kustomize process each.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatObjectId, objectDigest, objectId, snapshotDigest } from '@fairlead/manifests';
import type { AppManifest, SourceTree } from '@fairlead/render';
import { formatFinding, memoryTree, ParseCache, parseApp, renderTarget } from '@fairlead/render';
import { ensureBinaries } from '../bed/bed.ts';
import { overlayName, shopTree } from './shop-tree.ts';

export interface RenderBenchLine {
  readonly name: 'render';
  readonly unit: 'ms/overlay';
  /** Medians; the mean of ours stands beside, with what the first overlays cost in it. */
  readonly ours: number;
  readonly theirs: number;
  readonly oursMean: number;
  readonly theirsMean: number;
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
const turn = 25;
const warmUps = 200;

const appText = `apiVersion: fairlead.dev/v1
kind: App
metadata: {name: shop}
spec:
  render: {path: "overlays/\${cluster.name}"}
`;

/**
 * Both sides one after the other, nothing in parallel. The render worker of the hub lives long, so its code is warm:
 * ours first renders another tree. For the measured tree it starts with nothing read and nothing parsed.
 */
export async function run(options: { quick: boolean; json: boolean }): Promise<RenderBenchLine> {
  const n = options.quick ? 150 : 1000;
  const { kustomize } = await ensureBinaries((line) => process.stderr.write(`${line}\n`), { names: ['kustomize'] });
  const directory = mkdtempSync(join(tmpdir(), 'fairlead-render-bench-'));
  try {
    for (const [path, content] of shopTree(n)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
    warmUp();
    const cache = new ParseCache();
    const cold: number[] = [];
    const theirs: number[] = [];
    const ours = startRenderer(directory, cache);
    // In turns, so that whatever else the machine does hits both sides.
    for (let index = 0; index < n; index += 1) {
      cold.push(ours(index));
      if (cold.length % turn > 0 && cold.length < n) continue;
      while (theirs.length < cold.length) theirs.push(timeKustomize(kustomize, directory, theirs.length));
    }
    const gateway = join(directory, 'base/gateway.yaml');
    writeFileSync(gateway, readFileSync(gateway, 'utf8').replace('cpu: 100m', 'cpu: 110m'));
    const again = startRenderer(directory, cache);
    const changed = Array.from({ length: n }, (_, index) => again(index));
    return line(cold, theirs, changed);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Other contents in other files: nothing of it helps the measured run but compiled code. */
function warmUp(): void {
  const files = [...shopTree(warmUps)].map(
    ([path, content]) => [path, { content, contentId: `warm-up ${path}` }] as const,
  );
  const tree = memoryTree(new Map(files));
  const cache = new ParseCache();
  const app = readApp();
  for (let index = 0; index < warmUps; index += 1) renderOne(app, tree, index, cache);
}

/** Gives a function that renders one overlay and tells how long that took. */
function startRenderer(directory: string, cache: ParseCache): (index: number) => number {
  const app = readApp();
  const tree = identifiedTree(directory);
  return (index) => {
    const start = performance.now();
    renderOne(app, tree, index, cache);
    return performance.now() - start;
  };
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
  const ours = quantile(cold, 0.5);
  const reference = quantile(theirs, 0.5);
  return {
    name: 'render',
    unit: 'ms/overlay',
    ours: round(ours),
    theirs: round(reference),
    oursMean: round(mean(cold)),
    theirsMean: round(mean(theirs)),
    ratio: round(ours / reference, 4),
    n: cold.length,
    min: round(quantile(cold, 0)),
    p50: round(ours),
    p90: round(quantile(cold, 0.9)),
    max: round(quantile(cold, 1)),
    changedFile: round(quantile(changed, 0.5)),
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
