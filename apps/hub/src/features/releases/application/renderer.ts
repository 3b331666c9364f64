import type { Finding, ObjectExplanation } from '@fairlead/shared/contracts';
import type { ReadApp } from '../domain/app-definition.ts';
import type { PathTrace } from '../domain/render-trace.ts';

/** The files of one commit and how to get at their contents. */
export interface TreeToRender {
  /** Names exactly these files. */
  id: string;
  files: ReadonlyMap<string, string>;
  load(contentIds: string[]): Promise<{ id: string; content: Uint8Array }[]>;
}

/** All a template may know about a cluster. */
export interface ClusterFacts {
  name: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  kubernetesVersion: string | null;
  /** Minor version whose schemas its objects are held against. */
  schemas: string;
  /** `YYYY-MM-DD`, UTC. */
  today: string;
}

export interface RenderedApp {
  /** One for each cluster asked for, in that order; numbers are indexes into `traces`, `facts` names what of the cluster it depended on. */
  targets: (
    | { outcome: 'skipped'; trace: number; facts: string[] }
    | { outcome: 'rendered'; snapshot: string; warnings: Finding[]; trace: number; facts: string[] }
    /** Without a trace the next try may end better. */
    | { outcome: 'failed'; errors: Finding[]; trace: number | null; facts: string[] }
  )[];
  traces: PathTrace[];
  /** Objects in the order of application. */
  snapshots: {
    digest: string;
    objects: { id: string; digest: string }[];
    /** How each of the objects came about. */
    explanations: ObjectExplanation[];
  }[];
  /** Canonical JSON, gzip, Secret values sealed. */
  blobs: { digest: string; content: Uint8Array }[];
}

/** Reads and renders apps, in isolation. What it returns holds no Secret value in the clear. */
export interface Renderer {
  /** Changes when the same files would render to something else: another renderer, another sealing key. */
  readonly fingerprint: string;
  /** Gets ready, so that the first commit need not wait. */
  warm(): void;
  /** The minor version of Kubernetes whose schemas a cluster's objects are held against. */
  schemasFor(kubernetesVersion: string | null): string;
  /** The day that exemptions from policies are held against: `YYYY-MM-DD`, UTC. */
  today(): string;
  readApps(tree: TreeToRender, files: readonly string[]): Promise<ReadApp[]>;
  render(tree: TreeToRender, file: string, clusters: readonly ClusterFacts[]): Promise<RenderedApp>;
}

export const RENDERER = Symbol('Renderer');
