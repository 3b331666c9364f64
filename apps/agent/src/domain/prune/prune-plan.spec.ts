import { defaultTargetSettings } from '@fairlead/shared/contracts';
import type { ObjectId } from '@fairlead/manifests';
import { planPrune } from './prune-plan.ts';
import type { PruneQuestion } from './prune-plan.ts';

const ids = Array.from({ length: 8 }, (_, index): ObjectId => ({
  group: '',
  kind: 'ConfigMap',
  namespace: 'shop',
  name: `cm-${index}`,
}));
const plan = (desired: readonly ObjectId[], overrides: Partial<PruneQuestion> = {}) =>
  planPrune({
    inventory: ids,
    desired,
    settings: { ...defaultTargetSettings.prune, confirm: ['Namespace'] },
    confirmedHash: null,
    rebuilt: false,
    ...overrides,
  });

describe('pruning a set', () => {
  it('takes what left the app', () => {
    expect(plan(ids.slice(2))).toEqual({ allowed: expect.arrayContaining(ids.slice(0, 2)) as unknown, held: null });
  });

  it('[case 57] holds when everything would go', () => {
    expect(plan([])).toMatchObject({ allowed: [], held: { reason: 'empty-render', count: 8 } });
  });

  it('[case 59] [case 60] lets go the set that a person agreed to, and no other', () => {
    const confirmedHash = plan(ids.slice(6)).held?.hash ?? '';
    expect(plan(ids.slice(6), { confirmedHash })).toMatchObject({ held: null });
    expect(plan(ids.slice(6), { confirmedHash }).allowed).toHaveLength(6);
    expect(plan(ids.slice(7), { confirmedHash })).toMatchObject({ allowed: [], held: { count: 7 } });
  });

  it('[case 86] holds what a rebuilt list names, until that set is agreed to', () => {
    const held = plan(ids.slice(1), { rebuilt: true }).held;
    expect(held).toMatchObject({ reason: 'inventory-rebuilt', count: 1 });
    expect(plan(ids.slice(1), { rebuilt: true, confirmedHash: held?.hash ?? '' })).toEqual({
      allowed: ids.slice(0, 1),
      held: null,
    });
  });
});
