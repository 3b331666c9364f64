import type { KubeClient } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { KubeFailure } from '../../kube/kube-error.ts';
import type { Resource } from '../../kube/resource.ts';

const namespaces: Resource = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };

const notOurs: ReadonlySet<KubeFailure> = new Set(['denied', 'refused', 'not-allowed']);

/** Namespaces that are made on demand: they belong to no app, carry no marks, and are never pruned. */
export class Namespaces {
  readonly #kube: KubeClient;
  readonly #known = new Set<string>();

  constructor(kube: KubeClient) {
    this.#kube = kube;
  }

  /** Makes the namespace if it is not there. Where that is not allowed, whoever needs it will be told by the server. */
  async ensure(name: string, beforeCreate?: () => void): Promise<void> {
    if (this.#known.has(name)) return;
    const target = { namespace: '', name };
    try {
      if ((await this.#kube.get(namespaces, target)) === null) {
        beforeCreate?.();
        const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
        await this.#kube.apply(namespaces, target, object, { metaOnly: true });
      }
      this.#known.add(name);
    } catch (error) {
      if (!(error instanceof KubeError) || !notOurs.has(error.failure)) throw error;
    }
  }

  /** Somebody deleted it, as an answer of the API server shows. */
  forget(name: string): void {
    this.#known.delete(name);
  }
}
