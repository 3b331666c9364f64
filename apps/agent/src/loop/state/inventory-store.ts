import type { JsonObject } from '@fairlead/manifests';
import { fieldAt } from '@fairlead/manifests';
import type { Inventory, InventoryEntry } from '../../domain/inventory/inventory.ts';
import { mergeInventories } from '../../domain/inventory/inventory.ts';
import { inventoryObjects, shardMark } from '../../domain/inventory/inventory-objects.ts';
import { readEntries, readParent } from '../../domain/inventory/read-inventory.ts';
import type { ReadParent } from '../../domain/inventory/read-inventory.ts';
import { inventoryLabel, inventoryName } from '../../domain/marks.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { ObjectMeta } from '../../kube/object-meta.ts';
import type { Resource } from '../../kube/resource.ts';
import { eachLimited } from '../each-limited.ts';

const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
const readsAtOnce = 8;
const mostTries = 8;

export type InventoryRefusal = Extract<ReadParent, { kind: 'refused' }>;

export type StoredInventory =
  | { readonly kind: 'none' }
  /** `damaged`: a shard is missing, so the list is not whole. */
  | { readonly kind: 'inventory'; readonly inventory: Inventory; readonly damaged: boolean }
  | InventoryRefusal;

/** The ConfigMap turned into somebody else's between two writes. */
export class InventoryRefused extends Error {
  readonly refusal: InventoryRefusal;

  constructor(refusal: InventoryRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * Inventories as ConfigMaps in the agent's namespace: what survives the loss of everything else. Writes carry the version
 * that was read; when another writer was faster, what it listed is kept.
 */
export class InventoryStore {
  readonly #kube: KubeClient;
  readonly #namespace: string;
  readonly #version: string;
  /** Resource version of the parent that was read or written last, by app. */
  readonly #versions = new Map<string, string>();
  /** Apps whose inventory has, or had until the last write, more than one ConfigMap. */
  readonly #sharded = new Set<string>();

  constructor(kube: KubeClient, namespace: string, version: string) {
    this.#kube = kube;
    this.#namespace = namespace;
    this.#version = version;
  }

  /** All inventories that can be read whole; what else carries the label waits for its app. */
  async loadAll(): Promise<Inventory[]> {
    const names: string[] = [];
    const query = { namespace: this.#namespace, selector: `${inventoryLabel}=true` };
    await this.#kube.listMeta(configMaps, query, ({ name }) => names.push(name));
    const inventories: Inventory[] = [];
    await eachLimited(names, readsAtOnce, async (name) => {
      const prefix = inventoryName('');
      if (!name.startsWith(prefix)) return;
      const stored = await this.read(name.slice(prefix.length));
      if (stored.kind === 'inventory' && !stored.damaged) inventories.push(stored.inventory);
    });
    return inventories;
  }

  /** Whether an inventory of the app was read or written. */
  knows(app: string): boolean {
    return this.#versions.has(app);
  }

  async read(app: string): Promise<StoredInventory> {
    for (let tries = 1; ; tries += 1) {
      const object = await this.#get(inventoryName(app));
      if (object === null) {
        this.#versions.delete(app);
        return { kind: 'none' };
      }
      const parent = readParent(app, object, this.#namespace);
      if (parent.kind === 'refused') return parent;
      const shards = await this.#shards(parent.shards);
      // A missing shard may have been replaced just now, together with the parent.
      if (shards.missing && tries < 3) continue;
      this.#versions.set(app, versionOf(object));
      if (parent.shards.length > 0) this.#sharded.add(app);
      const entries = [...parent.inventory.entries, ...shards.entries];
      return { kind: 'inventory', inventory: { ...parent.inventory, entries }, damaged: shards.missing };
    }
  }

  /** Stores an inventory; gives the entries that another writer had added meanwhile and that were kept. */
  async write(inventory: Inventory): Promise<InventoryEntry[]> {
    const added: InventoryEntry[] = [];
    let wanted = inventory;
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#writeOnce(wanted);
        return added;
      } catch (error) {
        const isRace = error instanceof KubeError && (error.failure === 'conflict' || error.status === 404);
        if (!isRace || tries === mostTries) throw error;
      }
      const stored = await this.read(inventory.app);
      if (stored.kind === 'refused') throw new InventoryRefused(stored);
      if (stored.kind === 'none') continue;
      const merge = mergeInventories(wanted, stored.inventory);
      wanted = merge.merged;
      added.push(...merge.added);
    }
  }

  /** Removes the inventory of an app that has nothing any more. */
  async remove(app: string): Promise<void> {
    const object = await this.#get(inventoryName(app));
    if (object !== null && readParent(app, object, this.#namespace).kind === 'inventory') {
      await this.#delete(inventoryName(app), uidOf(object));
    }
    this.#versions.delete(app);
    await this.#removeShards(app, new Set());
  }

  async #writeOnce(inventory: Inventory): Promise<void> {
    const { app } = inventory;
    const { parent, shards } = inventoryObjects(inventory, this.#namespace, this.#version);
    for (const shard of shards) await this.#createShard(shard);
    const version = this.#versions.get(app);
    const written =
      version === undefined
        ? await this.#kube.create(configMaps, this.#namespace, parent)
        : await this.#kube.replace(configMaps, this.#target(inventoryName(app)), withVersion(parent, version));
    this.#versions.set(app, versionOf(written));
    // What the parent no longer names goes last: until then a reader finds the list of before.
    if (shards.length > 0 || this.#sharded.has(app)) await this.#removeShards(app, new Set(shards.map(nameOf)));
    if (shards.length > 0) this.#sharded.add(app);
    else this.#sharded.delete(app);
  }

  async #createShard(shard: JsonObject): Promise<void> {
    try {
      await this.#kube.create(configMaps, this.#namespace, shard);
    } catch (error) {
      // Its name is the hash of its content: what is there already is the same.
      if (!(error instanceof KubeError) || error.failure !== 'conflict') throw error;
    }
  }

  async #shards(names: readonly string[]): Promise<{ entries: InventoryEntry[]; missing: boolean }> {
    const entries: InventoryEntry[] = [];
    let missing = false;
    await eachLimited(names, readsAtOnce, async (name) => {
      const shard = await this.#get(name);
      if (shard === null) missing = true;
      else entries.push(...readEntries(shard));
    });
    return { entries, missing };
  }

  async #removeShards(app: string, keep: ReadonlySet<string>): Promise<void> {
    const old: ObjectMeta[] = [];
    const query = { namespace: this.#namespace, selector: `${inventoryLabel}=${shardMark}` };
    await this.#kube.listMeta(configMaps, query, (meta) => {
      if (meta.name.startsWith(`${inventoryName(app)}.`) && !keep.has(meta.name)) old.push(meta);
    });
    for (const { name, uid } of old) await this.#delete(name, uid);
  }

  #get(name: string): Promise<JsonObject | null> {
    return this.#kube.get(configMaps, this.#target(name));
  }

  async #delete(name: string, uid: string): Promise<void> {
    await this.#kube.delete(configMaps, this.#target(name), { uid, propagation: 'background' });
  }

  #target(name: string): { namespace: string; name: string } {
    return { namespace: this.#namespace, name };
  }
}

function withVersion(object: JsonObject, resourceVersion: string): JsonObject {
  return { ...object, metadata: { ...(object['metadata'] as JsonObject), resourceVersion } };
}

function versionOf(object: JsonObject): string {
  return textAt(object, 'resourceVersion');
}

function uidOf(object: JsonObject): string {
  return textAt(object, 'uid');
}

function nameOf(object: JsonObject): string {
  return textAt(object, 'name');
}

function textAt(object: JsonObject, field: string): string {
  const value = fieldAt(object, ['metadata', field]);
  return typeof value === 'string' ? value : '';
}
