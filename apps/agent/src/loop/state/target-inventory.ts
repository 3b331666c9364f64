import { createHash } from 'node:crypto';
import { formatObjectId } from '@fairlead/manifests';
import type { Inventory, InventoryEntry } from '../../domain/inventory/inventory.ts';
import { inventoryName } from '../../domain/marks.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { TargetContext } from '../target-context.ts';
import type { ObjectRecord } from './object-record.ts';
import { InventoryRefused } from './inventory-store.ts';
import type { InventoryRefusal } from './inventory-store.ts';
import type { Progress } from './progress-store.ts';
import type { TargetProblem, TargetState } from './target-state.ts';

type InventoryContext = Pick<
  TargetContext,
  'agentNamespace' | 'assertMayWrite' | 'inventories' | 'kube' | 'log' | 'marked'
>;

/** The inventory of one target: read before anything is written, a superset before every run, exact after it. */
export class TargetInventory {
  readonly #state: TargetState;
  readonly #context: InventoryContext;
  #isOpen = false;
  #savedDigest = '';

  constructor(state: TargetState, context: InventoryContext) {
    this.#state = state;
    this.#context = context;
  }

  /** Takes what was read at the start of the program, after what was on disk. */
  restore(inventory: Inventory): void {
    this.#state.learn(inventory);
    this.#isOpen = true;
    this.#savedDigest = digestOf(inventory);
  }

  /**
   * Makes sure that what the app has is known, from its list or (when that is lost) from the marks of its objects. False
   * when the list is not ours: then nothing may be written, and the problem of the target says why.
   */
  async open(): Promise<boolean> {
    if (this.#isOpen) return true;
    const { inventories, marked, log } = this.#context;
    const stored = await inventories.read(this.#state.app);
    if (stored.kind === 'refused') {
      this.#state.problem = this.#problem(stored);
      return false;
    }
    if (this.#state.problem?.kind === 'inventory') this.#state.problem = null;
    if (stored.kind === 'inventory') this.#state.learn(stored.inventory);
    if (stored.kind === 'none' || stored.damaged) {
      const objects = await marked.take(this.#state.app);
      this.#state.learnEntries(
        objects.map(({ id, apiVersion }) => ({ id, apiVersion, uid: '', ownedSetHash: '', appliedHash: null })),
      );
      this.#state.rebuilt ||= this.#state.records.size > 0;
      if (this.#state.rebuilt) {
        log.warn('the inventory of an app was lost and is rebuilt from the marks of its objects', {
          app: this.#state.app,
          objects: this.#state.records.size,
        });
      }
    }
    this.#isOpen = true;
    return true;
  }

  /** Stores the list as it is now, when it is not what was stored last. */
  async save(state: Inventory['state']): Promise<void> {
    const inventory = this.#state.inventory(state);
    const digest = digestOf(inventory);
    if (digest === this.#savedDigest) return;
    this.#context.assertMayWrite();
    try {
      const added = await this.#context.inventories.write(inventory);
      this.#savedDigest = added.length === 0 ? digest : '';
      if (added.length > 0) this.#learnOfOther(added);
    } catch (error) {
      // It is looked at anew before the next write, and then it says why nothing may be written.
      if (error instanceof InventoryRefused) this.#isOpen = false;
      throw error;
    }
  }

  /**
   * Leaves objects out of the list that were never made: new in the release, refused by the server, and not there. What was
   * listed before stays listed.
   */
  async leaveOutNeverMade(kube: KubeClient): Promise<void> {
    for (const record of this.#state.desired()) {
      if (record.failure === null || record.uid !== '') continue;
      if (await isMissing(record, kube)) this.#state.neverMade.add(record.key);
    }
  }

  async remove(): Promise<void> {
    this.#context.assertMayWrite();
    await this.#context.inventories.remove(this.#state.app);
    this.#savedDigest = '';
  }

  #problem({ reason, message }: InventoryRefusal): TargetProblem {
    const object = inventoryKey(this.#state.app, this.#context.agentNamespace);
    return { kind: 'inventory', message, permanent: true, failures: [{ object, reason, message, pods: null }] };
  }

  #learnOfOther(added: readonly InventoryEntry[]): void {
    this.#state.learnEntries(added);
    this.#context.log.warn('another writer has changed the inventory; what it listed is kept', {
      app: this.#state.app,
      objects: added
        .map(({ id }) => formatObjectId(id))
        .join(', ')
        .slice(0, 500),
    });
  }
}

async function isMissing({ resource, id }: ObjectRecord, kube: KubeClient): Promise<boolean> {
  try {
    return resource === null || (await kube.get(resource, id)) === null;
  } catch (error) {
    if (!(error instanceof KubeError) || error.concernsServer) throw error;
    // What this agent may not even look at it has not made; of anything else that is not known.
    return error.failure === 'not-allowed';
  }
}

/** Names the list when it is the reason that nothing is written. */
export function inventoryKey(app: string, agentNamespace: string): string {
  return formatObjectId({ group: '', kind: 'ConfigMap', namespace: agentNamespace, name: inventoryName(app) });
}

/** Whether the inventory in the cluster is the one that this progress wrote last. */
export function isOfSameTerm({ assignment, plannedDigest }: Progress, inventory: Inventory | null): boolean {
  if (inventory === null) return false;
  const { digest } = inventory;
  return digest === null || digest === plannedDigest || digest === assignment.digest;
}

// Kept instead of the list itself: it may be long.
function digestOf(inventory: Inventory): string {
  return createHash('sha256').update(JSON.stringify(inventory)).digest('base64url');
}
