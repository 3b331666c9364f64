import type { KubeClient } from '../../kube/kube-client.ts';
import type { Resource } from '../../kube/resource.ts';

const namespaces: Resource = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };

/** Namespaces that are made on demand: they belong to no app, carry no marks, and are never pruned. */
export class Namespaces {
  readonly #kube: KubeClient;
  readonly #known = new Set<string>();

  constructor(kube: KubeClient) {
    this.#kube = kube;
  }

  async ensure(name: string, beforeCreate?: () => void): Promise<void> {
    if (this.#known.has(name)) return;
    const target = { namespace: '', name };
    if ((await this.#kube.get(namespaces, target)) === null) {
      beforeCreate?.();
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      await this.#kube.apply(namespaces, target, object, { metaOnly: true });
    }
    this.#known.add(name);
  }

  /** Somebody deleted it, as an answer of the API server shows. */
  forget(name: string): void {
    this.#known.delete(name);
  }
}
