import { canonicalJson, type JsonObject } from '@fairlead/manifests';

/** The files a render looked at; the same answers give the same result. */
export interface PathTrace {
  /** `[path, content id]` */
  files: [string, string][];
  /** `[path, digest of the names in it]` */
  directories: [string, string][];
  /** Paths at which there is no file. */
  absentFiles: string[];
  absentDirectories: string[];
}

/** Facts of a cluster that a render depended on, by their names as variables; null when the cluster has none. */
export type UsedFacts = [string, string | null][];

/** What a render of one cluster looked at. */
export interface ReadTrace extends PathTrace {
  facts: UsedFacts;
}

/** What is known of a cluster, as variables name it. */
export interface FactSource {
  name: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  kubernetesVersion: string | null;
  schemas: string;
  /** `YYYY-MM-DD`, UTC. */
  today: string;
}

/** How a commit answers the questions of a trace. */
export interface CommitAnswers {
  contentId(path: string): string | null;
  /** Digest of the sorted names in a directory, null when there is none. */
  directoryDigest(path: string): string | null;
}

/** Whether a render with this trace would see the same in another commit. */
export function holdsIn(trace: PathTrace, commit: CommitAnswers): boolean {
  return (
    trace.files.every(([path, id]) => commit.contentId(path) === id) &&
    trace.directories.every(([path, digest]) => commit.directoryDigest(path) === digest) &&
    trace.absentFiles.every((path) => commit.contentId(path) === null) &&
    trace.absentDirectories.every((path) => commit.directoryDigest(path) === null)
  );
}

/** One trace that holds where all of them do. They must be of the same commit, or hold in it. */
export function joinTraces(traces: readonly PathTrace[]): PathTrace {
  const files = new Map(traces.flatMap((trace) => trace.files));
  const directories = new Map(traces.flatMap((trace) => trace.directories));
  const absentFiles = new Set(traces.flatMap((trace) => trace.absentFiles));
  const absentDirectories = new Set(traces.flatMap((trace) => trace.absentDirectories));
  return {
    files: [...files],
    directories: [...directories],
    absentFiles: [...absentFiles],
    absentDirectories: [...absentDirectories],
  };
}

/** Whether a render with this trace would see the same of a cluster. */
export function holdsFor(trace: ReadTrace, cluster: FactSource): boolean {
  return trace.facts.every(([name, value]) => factOf(cluster, name) === value);
}

/** A fact by its name, such as `cluster.labels.env`; null when the cluster has none. */
export function factOf(cluster: FactSource, name: string): string | null {
  if (name === 'cluster.name') return cluster.name;
  if (name === 'cluster.kubernetesVersion') return cluster.kubernetesVersion;
  if (name === 'cluster.*') return canonicalJson(everyFact(cluster));
  const day = /^until\.(.+)$/.exec(name)?.[1];
  if (day !== undefined) return String(cluster.today <= day);
  if (name === 'cluster.schemas') return cluster.schemas;
  for (const map of ['labels', 'annotations'] as const) {
    const prefix = `cluster.${map}.`;
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    return Object.hasOwn(cluster[map], key) ? (cluster[map][key] ?? null) : null;
  }
  return null;
}

function everyFact({ name, labels, annotations, kubernetesVersion }: FactSource): JsonObject {
  return { name, labels: { ...labels }, annotations: { ...annotations }, kubernetesVersion };
}
