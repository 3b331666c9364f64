import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiClient } from './api-client.ts';
import type { ClusterFiles, ClusterPorts } from './arguments.ts';
import { type ClusterState, readClusterState, writeClusterState } from './cluster-state.ts';
import { type KubectlResult, runKubectl } from './kubectl.ts';
import { killOurProcesses } from './owned-process.ts';
import type { ClusterParts } from './parts.ts';
import { waitForApiServer } from './readiness.ts';

export interface BedClusterOptions {
  readonly name: string;
  readonly pure: boolean;
  readonly files: ClusterFiles;
  readonly ports: ClusterPorts;
  readonly token: string;
  readonly kubectl: string;
  readonly api: ApiClient;
  readonly parts: ClusterParts;
  readonly onStopped: () => void;
}

/** What a test may do to the API server of a cluster. */
export interface ApiServerControl {
  /** Ends it the way an upgrade would (SIGTERM). */
  stop(): Promise<void>;
  /** Ends it the way a crash would (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again on the same port and waits until it serves. */
  start(): Promise<void>;
  /** Freezes it (SIGSTOP): connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
}

/** A running cluster with an administrator's access to it. Made by `startCluster`. */
export class BedCluster {
  readonly name: string;
  readonly pure: boolean;
  readonly serverUrl: string;
  readonly kubeconfigPath: string;
  /** Bearer token of the administrator in the kubeconfig. */
  readonly token: string;
  readonly ports: ClusterPorts;
  readonly apiServer: ApiServerControl;
  readonly parts: ClusterParts;
  readonly api: ApiClient;
  readonly #options: BedClusterOptions;

  constructor(options: BedClusterOptions) {
    this.#options = options;
    this.name = options.name;
    this.pure = options.pure;
    this.ports = options.ports;
    this.token = options.token;
    this.parts = options.parts;
    this.api = options.api;
    this.serverUrl = `https://127.0.0.1:${options.ports.apiServer}`;
    this.kubeconfigPath = options.files.publishedKubeconfig;
    this.apiServer = this.#apiServerControl();
  }

  /** Certificate (for 127.0.0.1) and key of the API server, for a server of a test that the API server is to trust. */
  get servingFiles(): { readonly certificate: string; readonly key: string } {
    const directory = this.#options.files.certificates;
    return { certificate: join(directory, 'apiserver.crt'), key: join(directory, 'apiserver.key') };
  }

  /** Process ids by program, of those that were started. */
  get pids(): Readonly<Record<string, number>> {
    const started = this.#all().flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid] as const]));
    return Object.fromEntries(started);
  }

  /** Takes over programs that another process started, by their process ids. */
  adopt(pids: Readonly<Record<string, number>>): void {
    for (const part of this.#all()) part.adopt(pids[part.name]);
  }

  kubectl(args: readonly string[], options: { readonly input?: string } = {}): Promise<KubectlResult> {
    const { kubectl, files } = this.#options;
    return runKubectl({
      binary: kubectl,
      kubeconfig: this.kubeconfigPath,
      cacheDirectory: files.directory,
      args,
      ...options,
    });
  }

  /** Throws with the log of the first program that has ended. */
  assertRunning(): void {
    for (const part of this.#all()) part.assertRunning();
  }

  /** Ends all its processes. What it stored stays for the next start unless `removeFiles` is set. */
  async stop(options: { readonly removeFiles?: boolean } = {}): Promise<void> {
    // All state worth keeping is in etcd, so only etcd is asked; the rest would take seconds to say goodbye.
    await Promise.all([...this.parts.others, this.parts.apiServer].map((part) => part.end('SIGKILL')));
    await this.parts.etcd.end('SIGTERM', 5_000);
    // Whoever was attached to the cluster may have restarted a program of it.
    const noted = await readClusterState(this.#options.files.state);
    await killOurProcesses(Object.values(noted?.pids ?? {}), this.#options.files.directory);
    this.#options.onStopped();
    if (options.removeFiles === true) await rm(this.#options.files.directory, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Notes the process ids where another process, or the next start, finds them. */
  async writeState(): Promise<void> {
    const { name, pure, serverUrl, kubeconfigPath, ports, pids } = this;
    const state: ClusterState = { name, pure, serverUrl, kubeconfigPath, ports, pids };
    await writeClusterState(this.#options.files.state, state);
  }

  #all() {
    const { etcd, apiServer, others } = this.parts;
    return this.pure ? [etcd, apiServer] : [etcd, apiServer, ...others];
  }

  // Their watches back off up to half a minute while the API server is away. On a real control plane they lose their leases
  // meanwhile and are started anew, so that is what happens here.
  async #restartOthers(): Promise<void> {
    if (this.pure) return;
    await Promise.all(this.parts.others.map((part) => part.end('SIGKILL')));
    for (const part of this.parts.others) part.start();
    await this.writeState();
  }

  #apiServerControl(): ApiServerControl {
    const part = this.parts.apiServer;
    return {
      stop: () => part.end('SIGTERM'),
      kill: () => part.end('SIGKILL'),
      start: async () => {
        part.start();
        await this.writeState();
        await waitForApiServer(this.api, () => part.assertRunning());
        await this.#restartOthers();
      },
      pause: () => void part.signal('SIGSTOP'),
      resume: () => void part.signal('SIGCONT'),
    };
  }
}
