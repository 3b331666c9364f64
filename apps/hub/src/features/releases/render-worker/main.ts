import './confine.ts';
import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '@fairlead/manifests';
import { ParseCache, SchemaSet, type ExternalOutput } from '@fairlead/render';
import { CommitFiles, CommitIndex, ContentsNeeded } from './commit-files.ts';
import { readApp } from './define-app.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { ExternalsNeeded, RenderRun } from './render-app.ts';
import { SecretSealer } from './seal-secrets.ts';

/** Commits a worker remembers; the hub counts along and gives one again when it has been dropped. */
const rememberedTrees = 4;
// More than a job can ask for.
const rememberedOutputs = 50;

type Job = Extract<ToWorker, { type: 'read-apps' | 'render' }>;

const trees = new Map<string, CommitIndex>();
const contents = new Map<string, Uint8Array>();
const cache = new ParseCache();
const schemas = new Map<string, SchemaSet>();
const external = new Map<string, ExternalOutput>();
let sealer: SecretSealer | null = null;
/** The run of the present job: it is asked again when what it lacked is here. */
let current: { job: number; run: RenderRun } | null = null;

function take(message: ToWorker): void {
  switch (message.type) {
    case 'start':
      sealer = new SecretSealer(message);
      return;
    case 'tree':
      trees.set(message.tree, new CommitIndex(message.paths, message.contentIds));
      for (const oldest of [...trees.keys()].slice(0, -rememberedTrees)) trees.delete(oldest);
      return;
    case 'contents':
      for (const { id, content } of message.contents) contents.set(id, content);
      return;
    case 'schemas':
      schemas.set(message.minor, readSchemas(message.definitions));
      return;
    case 'external':
      remember(message.outputs);
      return;
    default:
      work(message);
  }
}

function work(job: Job): void {
  try {
    const index = trees.get(job.tree);
    if (index === undefined || sealer === null) throw new Error('a job came before its tree or the key');
    send(job.type === 'render' ? rendered(job, index, sealer) : readApps(job, index));
  } catch (error) {
    if (error instanceof ContentsNeeded) {
      send({ type: 'needs', job: job.job, contentIds: error.contentIds });
      return;
    }
    if (error instanceof ExternalsNeeded) {
      send({ type: 'needs-external', job: job.job, requests: error.requests });
      return;
    }
    // Only the kind of the error: its message could quote what it failed on.
    const message = error instanceof Error ? `${error.name} ${placeOf(error)}` : 'unknown';
    send({ type: 'broken', job: job.job, message });
  }
}

function readApps(job: Extract<Job, { type: 'read-apps' }>, index: CommitIndex): FromWorker {
  const files = new CommitFiles(index, contents);
  const apps = job.files.map((file) =>
    readApp(new TextDecoder().decode(files.readFile(file) ?? new Uint8Array()), file),
  );
  return { type: 'apps', job: job.job, apps, rssBytes: process.memoryUsage.rss() };
}

function rendered(job: Extract<Job, { type: 'render' }>, index: CommitIndex, key: SecretSealer): FromWorker {
  const { file, clusters } = job;
  if (current?.job !== job.job) {
    current = {
      job: job.job,
      run: new RenderRun({ file, clusters, index, contents, sealer: key, cache, external, schemas }),
    };
  }
  const result = current.run.finish();
  current = null;
  return { type: 'rendered', job: job.job, result, rssBytes: process.memoryUsage.rss() };
}

/** Outputs of the present job and of the last ones: enough for a job, bounded for a process that lives on. */
function remember(outputs: readonly { key: string; output: ExternalOutput }[]): void {
  for (const { key, output } of outputs) external.set(key, output);
  for (const oldest of [...external.keys()].slice(0, -rememberedOutputs)) external.delete(oldest);
}

function readSchemas(packed: Uint8Array): SchemaSet {
  return new SchemaSet(JSON.parse(gunzipSync(packed).toString('utf8')) as Record<string, JsonObject>);
}

function placeOf(error: Error): string {
  return /\n\s+at ([^\n]+)/.exec(error.stack ?? '')?.[1] ?? '';
}

function send(message: FromWorker): void {
  process.send?.(message);
}

process.on('message', take);
// The hub is gone; so is the reason to be here.
process.on('disconnect', () => process.exit(0));
send({ type: 'ready' });
