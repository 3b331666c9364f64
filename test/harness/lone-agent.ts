import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@fairlead/shared/test-kit';
import type { BedCluster } from '../bed/bed.ts';
import { FakeHub } from './fake-hub.ts';
import { startProgram, type RunningProgram } from './process.ts';

const mainFile = join(import.meta.dirname, '../../apps/agent/src/main.ts');

export interface LoneAgentOptions {
  /** Instead of the cluster's own: an `ApiStub`'s, or one with fewer rights. */
  readonly kubeconfig?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** An agent process on a real cluster with a scripted hub: for what the agent does, whatever a hub may decide. */
export class LoneAgent {
  readonly hub: FakeHub;
  readonly stateDir = mkdtempSync(join(tmpdir(), 'fairlead-lone-agent-'));
  readonly #cluster: BedCluster;
  readonly #namespace: string;
  readonly #options: LoneAgentOptions;
  #program: RunningProgram;

  private constructor(hub: FakeHub, cluster: BedCluster, namespace: string, options: LoneAgentOptions) {
    this.hub = hub;
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#options = options;
    this.#program = this.#launch(this.stateDir);
  }

  /** Starts both and waits for the session. */
  static async start(cluster: BedCluster, namespace: string, options: LoneAgentOptions = {}): Promise<LoneAgent> {
    const agent = new LoneAgent(await FakeHub.start(), cluster, namespace, options);
    await agent.connected();
    return agent;
  }

  get program(): RunningProgram {
    return this.#program;
  }

  /** Waits for a session that began after the call (or for the first one). */
  async connected(after = 0): Promise<void> {
    await eventually(
      () => {
        if (this.hub.sessions <= after) throw new Error(`no session yet\n${this.#program.output().slice(-3000)}`);
      },
      { timeoutMs: 30_000 },
    );
  }

  /** The same program again, over the same state. */
  restart(): void {
    this.#program = this.#launch(this.stateDir);
  }

  /** Empties the state directory, but for the name under which the agent holds the lease. */
  loseState(): void {
    for (const name of readdirSync(this.stateDir)) {
      if (name !== 'holder.json') rmSync(join(this.stateDir, name), { recursive: true });
    }
  }

  /** A second agent for the same cluster, with its own state. */
  startTwin({ kubeconfig }: { readonly kubeconfig?: string } = {}): RunningProgram {
    return this.#launch(mkdtempSync(join(tmpdir(), 'fairlead-twin-agent-')), kubeconfig);
  }

  /** Everything the agent has on disk and has said, for searching. */
  traces(): string {
    const files = readdirSync(this.stateDir, { recursive: true, encoding: 'utf8' }).map((name) =>
      join(this.stateDir, name),
    );
    const contents = files.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, 'utf8'));
    return [...contents, this.#program.output(), JSON.stringify(this.hub.messages)].join('\n');
  }

  async stop(): Promise<void> {
    await this.#program.stop();
    await this.hub.close();
  }

  #launch(stateDir: string, kubeconfig = this.#options.kubeconfig): RunningProgram {
    return startProgram(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        mainFile,
        ...['--hub', this.hub.url, '--name', 'lone', '--token', this.hub.joinToken],
        ...['--kubeconfig', kubeconfig ?? this.#cluster.kubeconfigPath],
        ...['--namespace', this.#namespace, '--state-dir', stateDir],
      ],
      { env: { ...process.env, FAIRLEAD_STUCK_GRACE_MS: '3000', ...this.#options.env } },
    );
  }
}
