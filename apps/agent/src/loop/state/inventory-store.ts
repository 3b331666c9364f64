import type { Resource } from '../../kube/resource.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { inventoryObject, readInventory } from '../../domain/inventory/inventory.ts';
import type { Inventory } from '../../domain/inventory/inventory.ts';
import { inventoryLabel, inventoryName } from '../../domain/marks.ts';

const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
const mostApps = 5000;

/** Inventories as ConfigMaps in the agent's namespace: what survives the loss of everything else. */
export class InventoryStore {
  readonly #kube: KubeClient;
  readonly #namespace: string;
  readonly #version: string;

  constructor(kube: KubeClient, namespace: string, version: string) {
    this.#kube = kube;
    this.#namespace = namespace;
    this.#version = version;
  }

  async loadAll(): Promise<Inventory[]> {
    const objects = await this.#kube.list(configMaps, {
      namespace: this.#namespace,
      selector: `${inventoryLabel}=true`,
      limit: mostApps,
    });
    return objects.flatMap((object) => readInventory(object, this.#namespace) ?? []);
  }

  async save(inventory: Inventory): Promise<void> {
    const target = { namespace: this.#namespace, name: inventoryName(inventory.app) };
    await this.#kube.apply(configMaps, target, inventoryObject(inventory, this.#namespace, this.#version), {
      metaOnly: true,
    });
  }
}
