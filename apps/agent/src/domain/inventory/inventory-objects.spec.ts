import { fieldAt } from '@fairlead/manifests';
import type { JsonObject } from '@fairlead/manifests';
import type { Inventory } from './inventory.ts';
import { mergeInventories } from './inventory.ts';
import { inventoryObjects } from './inventory-objects.ts';
import { readEntries, readParent } from './read-inventory.ts';

const agentNamespace = 'fairlead-system';
const inventory = (count: number, overrides: Partial<Inventory> = {}): Inventory => ({
  app: 'shop',
  state: 'settled',
  digest: 'd'.repeat(64),
  rebuilt: false,
  entries: Array.from({ length: count }, (_, index) => ({
    id: { group: 'apps', kind: 'Deployment', namespace: 'shop', name: `api-${String(index).padStart(6, '0')}` },
    apiVersion: 'apps/v1',
    uid: `uid-${index}`,
    ownedSetHash: 'fields',
    appliedHash: index % 2 === 0 ? null : 'a'.repeat(64),
  })),
  ...overrides,
});
const readBack = (objects: ReturnType<typeof inventoryObjects>): Inventory => {
  const parent = readParent('shop', objects.parent, agentNamespace);
  if (parent.kind !== 'inventory') throw new Error(parent.message);
  const named = objects.shards.filter((shard) => parent.shards.includes(String(fieldAt(shard, ['metadata', 'name']))));
  return { ...parent.inventory, entries: [...parent.inventory.entries, ...named.flatMap(readEntries)] };
};

describe('inventory', () => {
  it.each([0, 3, 3000])('of %s objects comes back as it was written, from one ConfigMap', (count) => {
    const objects = inventoryObjects(inventory(count), agentNamespace, '1.0.0');
    expect(objects.shards).toEqual([]);
    expect(readBack(objects)).toEqual(inventory(count));
  });

  it('of more than 4,000 objects is spread over ConfigMaps that each fit', () => {
    const objects = inventoryObjects(inventory(10_000), agentNamespace, '1.0.0');
    expect(objects.shards).toHaveLength(3);
    for (const object of objects.shards) expect(JSON.stringify(object).length).toBeLessThan(1024 * 1024);
    expect(readBack(objects)).toEqual(inventory(10_000));
  });

  it('keeps names with blanks, and reads the shorter lines of earlier versions', () => {
    const [entry] = inventory(1).entries;
    if (entry === undefined) throw new Error('no entry');
    const odd = inventory(0, { entries: [{ ...entry, id: { ...entry.id, name: 'my role' } }] });
    expect(readBack(inventoryObjects(odd, agentNamespace, '1.0.0'))).toEqual(odd);
    expect(readEntries({ data: { objects: '/ConfigMap/shop/a v1' } })).toEqual([
      {
        id: { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' },
        apiVersion: 'v1',
        uid: '',
        ownedSetHash: '',
        appliedHash: null,
      },
    ]);
  });

  it('[case 81] [case 82] is refused with the id of another parent, and when another tool has made it', () => {
    const { parent } = inventoryObjects(inventory(1), agentNamespace, '1.0.0');
    expect(readParent('shop', parent, 'other-namespace')).toMatchObject({ reason: 'InventoryIdMismatch' });
    const metadata = parent['metadata'] as JsonObject;
    const annotations = { 'applyset.kubernetes.io/tooling': 'kubectl/1.34' };
    const other = { ...parent, metadata: { ...metadata, annotations } };
    expect(readParent('shop', other, agentNamespace)).toMatchObject({ reason: 'InventoryOfOtherTool' });
  });

  it('[case 84] keeps what only another writer listed', () => {
    const { merged, added } = mergeInventories(inventory(2), inventory(3));
    expect(added.map(({ id }) => id.name)).toEqual(['api-000002']);
    expect(merged.entries).toHaveLength(3);
  });
});
