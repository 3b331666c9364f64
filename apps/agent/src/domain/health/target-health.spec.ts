import { current, failed, progressing, suspended } from './object-health.ts';
import type { ObjectState } from './target-health.ts';
import { targetHealth } from './target-health.ts';

const object = (overrides: Partial<ObjectState> = {}): ObjectState => ({
  key: '/ConfigMap/a/b',
  health: current,
  pending: false,
  failure: null,
  pods: null,
  ...overrides,
});
const applied = { applied: true, succeeded: false };

describe('health of a target', () => {
  it('is healthy when everything is', () => {
    expect(targetHealth([object(), object()], applied)).toMatchObject({
      health: 'healthy',
      counts: { objects: 2, healthy: 2 },
      failing: [],
    });
  });

  it('is never healthy before everything is applied', () => {
    expect(targetHealth([object()], { applied: false, succeeded: false }).health).toBe('progressing');
    expect(targetHealth([object({ pending: true })], applied)).toMatchObject({
      health: 'progressing',
      counts: { progressing: 1 },
      failing: [],
    });
  });

  it('puts failed before unknown before progressing before suspended', () => {
    const states = [object({ health: suspended('') }), object({ health: progressing('X', 'x') })];
    expect(targetHealth(states.slice(0, 1), applied).health).toBe('suspended');
    expect(targetHealth(states, applied).health).toBe('progressing');
    expect(
      targetHealth([...states, object({ health: { state: 'unknown', reason: '', message: '' } })], applied).health,
    ).toBe('unknown');
    expect(targetHealth([...states, object({ health: failed('Y', 'y') })], applied)).toMatchObject({
      health: 'failed',
      failing: [{ reason: 'Y' }, { reason: 'X' }],
    });
  });

  it('is degraded, not failed, when it was healthy before', () => {
    const after = { applied: true, succeeded: true };
    expect(targetHealth([object({ health: failed('Y', 'y') })], after).health).toBe('degraded');
    expect(targetHealth([object({ health: progressing('X', 'x') })], after).health).toBe('degraded');
    expect(targetHealth([object()], after).health).toBe('healthy');
  });

  it('fails on an object that can never be applied, and waits for one that may', () => {
    const refused = (permanent: boolean) => object({ failure: { reason: 'R', message: 'm', permanent } });
    expect(targetHealth([refused(true)], applied).health).toBe('failed');
    expect(targetHealth([refused(false)], applied).health).toBe('progressing');
  });

  it('names at most twenty objects', () => {
    const many = Array.from({ length: 50 }, () => object({ health: failed('Y', 'y') }));
    const { counts, failing } = targetHealth(many, applied);
    expect([counts.failed, failing.length]).toEqual([50, 20]);
  });

  it('[case 114] [case 116] tells of what only lacks an address, and is healthy all the same', () => {
    const health = { ...progressing('NoAddress', 'no address yet'), isAdvisory: true as const };
    expect(targetHealth([object({ key: '/Service/a/lb', health })], applied)).toMatchObject({
      health: 'healthy',
      counts: { objects: 1, healthy: 1, progressing: 0 },
      failing: [],
      notices: [{ reason: 'NoAddress', object: '/Service/a/lb', message: 'no address yet' }],
    });
  });
});
