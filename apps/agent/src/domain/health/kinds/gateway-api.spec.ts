import type { JsonObject } from '@fairlead/manifests';
import { objectHealth } from '../rules.ts';

const group = 'gateway.networking.k8s.io';
const condition = (type: string, status: string, observedGeneration = 2, reason = type): JsonObject => ({
  type,
  status,
  reason,
  message: `${type} is ${status}`,
  observedGeneration,
});
const parent = (name: string, ...conditions: JsonObject[]): JsonObject => ({ parentRef: { name }, conditions });
const route = (parents: JsonObject[], refs = parents.length, kind = 'HTTPRoute') =>
  objectHealth(
    { group, kind },
    {
      metadata: { name: 'r', generation: 2 },
      spec: { parentRefs: Array.from({ length: refs }, (_, index) => ({ name: `gw-${index}` })) },
      status: { parents },
    },
  );
const well = [condition('Accepted', 'True'), condition('ResolvedRefs', 'True')];

describe('health of Gateways and routes', () => {
  it.each(['HTTPRoute', 'GRPCRoute'])('[case 122] does not take what a parent said about an earlier %s', (kind) => {
    const old = parent('gw-0', condition('Accepted', 'True', 1), condition('ResolvedRefs', 'True', 1));
    expect(route([old], 1, kind)).toMatchObject({ state: 'progressing', reason: 'NotObserved' });
    const oldRefusal = parent('gw-0', condition('Accepted', 'False', 1));
    expect(route([oldRefusal], 1, kind).state).toBe('progressing');
    expect(route([parent('gw-0', ...well)], 1, kind).state).toBe('current');
  });

  it('waits for every parent, and fails with the first that refuses', () => {
    expect(route([], 1).state).toBe('progressing');
    expect(route([parent('gw-0', ...well)], 2).state).toBe('progressing');
    const refused = parent('gw-1', condition('Accepted', 'False', 2, 'NotAllowedByListeners'));
    expect(route([parent('gw-0', ...well), refused])).toMatchObject({
      state: 'failed',
      reason: 'NotAllowedByListeners',
    });
    const unresolved = parent(
      'gw-0',
      condition('Accepted', 'True'),
      condition('ResolvedRefs', 'False', 2, 'BackendNotFound'),
    );
    expect(route([unresolved])).toMatchObject({ state: 'failed', reason: 'BackendNotFound' });
  });

  it('takes a Gateway as well when it is programmed', () => {
    const gateway = (...conditions: JsonObject[]) =>
      objectHealth(
        { group, kind: 'Gateway' },
        { kind: 'Gateway', metadata: { name: 'g', generation: 2 }, status: { conditions } },
      ).state;
    expect(gateway()).toBe('progressing');
    expect(gateway(condition('Accepted', 'True'))).toBe('progressing');
    expect(gateway(condition('Accepted', 'True'), condition('Programmed', 'False', 2, 'AddressNotAssigned'))).toBe(
      'progressing',
    );
    expect(gateway(condition('Accepted', 'True'), condition('Programmed', 'True', 1))).toBe('progressing');
    expect(gateway(condition('Accepted', 'True'), condition('Programmed', 'True'))).toBe('current');
    expect(gateway(condition('Accepted', 'False', 2, 'ListenersNotValid'))).toBe('failed');
  });
});
