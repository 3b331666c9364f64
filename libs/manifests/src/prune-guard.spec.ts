import type { ObjectId } from './kube-object.ts';
import { evaluatePrune } from './prune-guard.ts';

const configMaps = (count: number): ObjectId[] =>
  Array.from({ length: count }, (_, index) => ({ group: '', kind: 'ConfigMap', namespace: 'shop', name: `c${index}` }));
const volume: ObjectId = { group: '', kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' };

describe('prune guard', () => {
  it('has nothing to say when everything is still wanted', () => {
    const inventory = configMaps(3);
    expect(evaluatePrune({ inventory, desired: inventory })).toEqual({ allowed: [], held: null });
  });

  it('lets a few deletions pass, in the reverse of the order of application', () => {
    const service = { group: '', kind: 'Service', namespace: 'shop', name: 's' };
    const answer = evaluatePrune({ inventory: [...configMaps(10), service], desired: configMaps(9) });
    expect(answer.held).toBeNull();
    expect(answer.allowed.map((id) => id.kind)).toEqual(['Service', 'ConfigMap']);
  });

  it('holds an empty render back, unless the app allows it', () => {
    const inventory = configMaps(2);
    expect(evaluatePrune({ inventory, desired: [] }).held?.reason).toBe('empty-render');
    expect(evaluatePrune({ inventory, desired: [], allowEmpty: true })).toEqual({
      allowed: expect.any(Array),
      held: null,
    });
  });

  it('holds a release back that replaces every single object', () => {
    const desired = [{ group: '', kind: 'ConfigMap', namespace: 'shop', name: 'other' }];
    expect(evaluatePrune({ inventory: configMaps(2), desired }).held?.reason).toBe('all-objects');
  });

  it('holds deletions of more than five objects and more than a quarter', () => {
    expect(evaluatePrune({ inventory: configMaps(12), desired: configMaps(7) }).held).toBeNull();
    expect(evaluatePrune({ inventory: configMaps(12), desired: configMaps(6) }).held?.reason).toBe('mass-prune');
    expect(evaluatePrune({ inventory: configMaps(100), desired: configMaps(75) }).held).toBeNull();
    expect(evaluatePrune({ inventory: configMaps(100), desired: configMaps(74) }).held?.reason).toBe('mass-prune');
  });

  it('takes a count literally', () => {
    const question = { inventory: configMaps(10), desired: configMaps(8) };
    expect(evaluatePrune({ ...question, maxDeletes: 1 }).held?.reason).toBe('mass-prune');
    expect(evaluatePrune({ ...question, maxDeletes: 2 }).held).toBeNull();
  });

  it('holds precious kinds, and lets the rest go', () => {
    const answer = evaluatePrune({ inventory: [...configMaps(5), volume], desired: configMaps(4) });
    expect(answer.allowed.map((id) => id.kind)).toEqual(['ConfigMap']);
    expect(answer.held).toMatchObject({ reason: 'confirmed-kind', ids: [volume] });
  });

  it('is released by a confirmation of exactly the held set', () => {
    const question = { inventory: [...configMaps(5), volume], desired: configMaps(5) };
    const hash = evaluatePrune(question).held?.hash ?? '';
    expect(evaluatePrune({ ...question, confirmedHash: hash })).toEqual({ allowed: [volume], held: null });
    const more = { inventory: [...question.inventory, { ...volume, name: 'more' }], desired: question.desired };
    expect(evaluatePrune({ ...more, confirmedHash: hash }).held?.reason).toBe('confirmed-kind');
  });

  it('holds everything of a list that was found again by labels, whatever the settings allow', () => {
    const question = { inventory: configMaps(10), desired: configMaps(9), allowEmpty: true, maxDeletes: 100 };
    const held = evaluatePrune({ ...question, rebuilt: true }).held;
    expect(held).toMatchObject({ reason: 'inventory-rebuilt', ids: configMaps(10).slice(9) });
    const confirmedHash = held?.hash ?? '';
    expect(evaluatePrune({ ...question, rebuilt: true, confirmedHash })).toMatchObject({ held: null });
  });
});
