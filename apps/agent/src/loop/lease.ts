import type { JsonObject } from '@fairlead/manifests';
import { fieldAt, isJsonObject } from '@fairlead/manifests';
import { CodedError } from '@fairlead/shared/kernel';
import type { KubeClient } from '../kube/kube-client.ts';
import { KubeError } from '../kube/kube-error.ts';
import { pause } from '../kube/pause.ts';
import type { Resource } from '../kube/resource.ts';
import type { Logger } from '../logger.ts';

const leases: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};
const leaseName = 'fairlead-agent';
const durationMs = 15_000;
const renewEveryMs = 5_000;
const regainEveryMs = 1_000;

/** Lets exactly one agent of a cluster work. The holder renews; the others wait until it has been silent for the whole duration. */
export class AgentLease {
  readonly #kube: KubeClient;
  readonly #namespace: string;
  readonly #holder: string;
  readonly #log: Logger;
  #object: JsonObject | null = null;
  #heldUntil = 0;
  #observed = { mark: '', at: 0 };

  constructor(options: { kube: KubeClient; namespace: string; holder: string; log: Logger }) {
    this.#kube = options.kube;
    this.#namespace = options.namespace;
    this.#holder = options.holder;
    this.#log = options.log;
  }

  /** Whether this process may write now. Says no as soon as another may believe that we are gone. */
  get held(): boolean {
    return performance.now() < this.#heldUntil;
  }

  /** Waits until the lease is ours. */
  async acquire(signal: AbortSignal): Promise<void> {
    let told = false;
    while (!(await this.#try(signal))) {
      if (!told && this.#observed.mark !== '') {
        this.#log.info('another agent works on this cluster; waiting for it to go');
        told = true;
      }
      await pause(2_000 + Math.random() * 500, signal);
    }
  }

  /** Keeps the lease until the signal; resolves early when another agent has taken it. */
  async keep(signal: AbortSignal): Promise<'stopped' | 'lost'> {
    for (;;) {
      await pause(this.held ? renewEveryMs : regainEveryMs, signal).catch(() => undefined);
      if (signal.aborted) return 'stopped';
      // An unreachable API server is not a lost lease: nobody else can take it there either.
      if (!(await this.#try(signal)) && this.#observed.mark !== '') return 'lost';
    }
  }

  async release(): Promise<void> {
    if (!this.held || this.#object === null) return;
    this.#heldUntil = 0;
    try {
      await this.#write(this.#object, '');
    } catch (error) {
      this.#log.debug('the lease was not released and will run out', { failed: String(error instanceof Error) });
    }
  }

  async #try(signal: AbortSignal): Promise<boolean> {
    const askedAt = performance.now();
    try {
      // While it is ours, what we wrote last is what is there: one request renews it, and a conflict says that it is not.
      const lease =
        (this.held ? this.#object : null) ??
        (await this.#kube.get(leases, { namespace: this.#namespace, name: leaseName }, signal));
      if (lease === null) this.#object = await this.#kube.create(leases, this.#namespace, this.#spec({}, this.#holder));
      else if (this.#mayTake(lease)) this.#object = await this.#write(lease, this.#holder);
      else return false;
      this.#heldUntil = askedAt + durationMs - 2_000;
      this.#observed = { mark: '', at: 0 };
      return true;
    } catch (error) {
      if (signal.aborted) throw error;
      if (!(error instanceof KubeError)) throw error;
      if (error.failure === 'denied' || error.failure === 'permanent') throw error;
      this.#object = null;
      return false;
    }
  }

  #mayTake(lease: JsonObject): boolean {
    const holder = fieldAt(lease, ['spec', 'holderIdentity']);
    if (holder === this.#holder || holder === '' || holder === undefined || holder === null) return true;
    // Clocks of two machines may differ: what counts is how long *we* saw nothing change.
    const mark = `${String(holder)} ${String(fieldAt(lease, ['spec', 'renewTime']))}`;
    if (this.#observed.mark !== mark) {
      this.#observed = { mark, at: performance.now() };
      return false;
    }
    return performance.now() - this.#observed.at > durationMs;
  }

  #write(lease: JsonObject, holder: string): Promise<JsonObject> {
    return this.#kube.replace(leases, { namespace: this.#namespace, name: leaseName }, this.#spec(lease, holder));
  }

  #spec(lease: JsonObject, holder: string): JsonObject {
    const now = new Date().toISOString().replace('Z', '000Z');
    const metadata = lease['metadata'];
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: isJsonObject(metadata) ? metadata : { name: leaseName, namespace: this.#namespace },
      spec: { holderIdentity: holder, leaseDurationSeconds: durationMs / 1000, renewTime: now },
    };
  }
}

/** Nothing may be written: another agent may be at work. */
export class LeaseLost extends CodedError {
  constructor() {
    super({ code: 'agent.lease-lost', kind: 'unavailable' }, 'another agent may be at work: nothing is written');
  }
}
