import type { ExternalOutput, ExternalRequest, ObjectExplanation } from '@fairlead/render';
import type { Finding, Strategy, TargetSettings } from '@fairlead/shared/contracts';

/**
 * Messages between the hub and a render worker, over the pipe of the child process (structured clone). The hub gives a
 * worker the file names of a commit, then jobs; a worker asks for file contents as a render needs them. One job at a time.
 */
export type ToWorker =
  | { type: 'start'; keyId: string; key: Uint8Array }
  | { type: 'tree'; tree: string; paths: string[]; contentIds: string[] }
  | { type: 'contents'; contents: FileContent[] }
  /** Definitions of a Kubernetes minor version, JSON, gzip. */
  | { type: 'schemas'; minor: string; definitions: Uint8Array }
  | { type: 'external'; outputs: { key: string; output: ExternalOutput }[] }
  | { type: 'read-apps'; job: number; tree: string; files: string[] }
  | { type: 'render'; job: number; tree: string; file: string; clusters: ClusterToRender[] };

export type FromWorker =
  | { type: 'ready' }
  /** The job needs these contents first; the hub sends them and then the job again. */
  | { type: 'needs'; job: number; contentIds: string[] }
  /** The job needs what helm or kustomize print for these first; the same way. */
  | { type: 'needs-external'; job: number; requests: { key: string; request: ExternalRequest }[] }
  | { type: 'apps'; job: number; apps: ReadApp[]; rssBytes: number }
  | { type: 'rendered'; job: number; result: RenderedApp; rssBytes: number }
  /** The worker's own failure on this job (a bug); it can take others. */
  | { type: 'broken'; job: number; message: string };

export interface FileContent {
  id: string;
  content: Uint8Array;
}

/** All a template may know about a cluster. */
export interface ClusterToRender {
  name: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  kubernetesVersion: string | null;
  /** Minor version whose schemas its objects are held against. */
  schemas: string;
  /** `YYYY-MM-DD`, UTC: what exemptions from policies are held against. */
  today: string;
}

/** What the hub keeps of a `fairlead.yaml`. Variables and patches stay in Git: they may hold what ends in a Secret. */
export interface AppDefinition {
  name: string;
  file: string;
  group: string | null;
  strategy: Strategy;
  dependsOn: { app: string; condition: 'applied' | 'healthy' }[];
  settings: TargetSettings;
  onError: 'wait' | 'skip';
  suspend: boolean;
}

export type ReadApp =
  | { ok: true; file: string; app: AppDefinition }
  /** `name` when the file at least says whose version it is. */
  | { ok: false; file: string; name: string | null; errors: Finding[] };

/** What a render looked at; the same answers give the same result. */
export interface ReadTrace {
  /** `[path, content id]` */
  files: [string, string][];
  /** `[path, digest of the names in it]` */
  directories: [string, string][];
  /** Paths at which there is no file. */
  absentFiles: string[];
  absentDirectories: string[];
}

export interface RenderedObject {
  id: string;
  digest: string;
}

export interface RenderedApp {
  /** One for each cluster of the job, in its order; `facts` names what it depended on of the cluster. */
  targets: (
    | { outcome: 'skipped'; trace: number; facts: string[] }
    | { outcome: 'rendered'; snapshot: string; warnings: Finding[]; trace: number; facts: string[] }
    /** Without a trace the next try may end better: the render was stopped, or its worker died. */
    | { outcome: 'failed'; errors: Finding[]; trace: number | null; facts: string[] }
  )[];
  traces: ReadTrace[];
  /** `explanations`: how each of the objects came about. */
  snapshots: { digest: string; objects: RenderedObject[]; explanations: ObjectExplanation[] }[];
  /** Canonical JSON of each object, gzip; Secret values are sealed. */
  blobs: { digest: string; content: Uint8Array }[];
}
