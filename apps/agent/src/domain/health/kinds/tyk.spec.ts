import type { JsonObject } from '@fairlead/manifests';
import type { HealthFacts } from '../object-health.ts';
import { noFacts } from '../object-health.ts';
import { objectHealth } from '../rules.ts';
import { markOf } from './kinds.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const id = (kind: string) => ({ group: 'tyk.tyk.io', kind });
const definition = (status: string, time: string, error = ''): JsonObject => ({
  metadata: { name: 'orders', namespace: 'shop', generation: 2 },
  status: { api_id: 'c2hvcC9vcmRlcnM', latestCRDSpecHash: 'h1', latestTransaction: { status, time, error } },
});
const facts = (staleMark: string | null, ageMs: number): HealthFacts => ({
  ...noFacts,
  now,
  appliedAt: now - ageMs,
  staleMark,
});
const successful = definition('Successful', '2026-01-01T11:00:00Z');
const mark = (object: JsonObject) => markOf(id('ApiDefinition'), object);

describe('health of kinds of Tyk', () => {
  it('does not take the success of an earlier release for the success of this one', () => {
    const before = mark(successful);
    expect(objectHealth(id('ApiDefinition'), successful, facts(before, 10_000))).toMatchObject({
      state: 'progressing',
      reason: 'NotObserved',
    });
    const after = definition('Successful', '2026-01-01T11:59:55Z');
    expect(objectHealth(id('ApiDefinition'), after, facts(before, 10_000)).state).toBe('current');
    // Nothing was changed by the apply: what was said before still holds.
    expect(objectHealth(id('ApiDefinition'), successful, facts(null, 10_000)).state).toBe('current');
  });

  it('fails when the operator has said nothing for two minutes', () => {
    expect(objectHealth(id('ApiDefinition'), successful, facts(mark(successful), 121_000))).toMatchObject({
      state: 'failed',
      reason: 'DeadlineExceeded',
    });
    expect(objectHealth(id('TykOasApiDefinition'), { metadata: {} }, facts(null, 1_000))).toMatchObject({
      state: 'progressing',
      againInMs: 119_000,
    });
  });

  it('lets a failed transaction be tried again for a while', () => {
    const failure = definition('Failed', '2026-01-01T11:59:55Z', 'Failed api call');
    const before = mark(successful);
    expect(objectHealth(id('ApiDefinition'), failure, facts(before, 10_000))).toMatchObject({
      state: 'progressing',
      message: 'Failed api call',
      againInMs: 20_000,
    });
    expect(objectHealth(id('ApiDefinition'), failure, facts(before, 31_000))).toMatchObject({
      state: 'failed',
      reason: 'Failed',
      message: 'Failed api call',
    });
  });

  it('waits for the second transaction of a first apply', () => {
    expect(objectHealth(id('ApiDefinition'), successful, facts(null, 500))).toMatchObject({
      state: 'progressing',
      reason: 'Settling',
      againInMs: 1_500,
    });
  });

  it('takes a template of an Ingress as it is', () => {
    const template = { metadata: { labels: { template: 'true' } } };
    expect(objectHealth(id('ApiDefinition'), template, facts(null, 500_000)).state).toBe('current');
  });

  it('wants a policy linked to exactly the APIs it grants', () => {
    const policy = (linked: string[]): JsonObject => ({
      metadata: { name: 'gold', namespace: 'shop' },
      spec: { access_rights_array: [{ name: 'orders', namespace: 'shop' }, { name: 'users' }] },
      status: { pol_id: 'p', linked_apis: linked.map((name) => ({ name, namespace: 'shop' })) },
    });
    const judged = (linked: string[], ageMs = 10_000) =>
      objectHealth(id('SecurityPolicy'), policy(linked), facts(null, ageMs));
    expect(judged(['users', 'orders']).state).toBe('current');
    expect(judged(['orders'])).toMatchObject({ state: 'progressing', message: 'waiting for the API shop/users' });
    expect(judged(['orders', 'users', 'old'])).toMatchObject({
      state: 'progressing',
      message: 'still linked to shop/old',
    });
    expect(judged(['orders'], 130_000).state).toBe('failed');
  });

  it('judges contexts and graphs by what little they say', () => {
    expect(objectHealth(id('OperatorContext'), {}, facts(null, 500_000)).state).toBe('current');
    expect(objectHealth(id('SuperGraph'), { spec: {} }, facts(null, 1_000)).state).toBe('progressing');
    expect(objectHealth(id('SuperGraph'), { spec: { merged_sdl: 'type Query' } }, facts(null, 1_000)).state).toBe(
      'current',
    );
    expect(objectHealth(id('SubGraph'), { metadata: { finalizers: ['x'] } }, facts(null, 1_000)).state).toBe('current');
  });
});
