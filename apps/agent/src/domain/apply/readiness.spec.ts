import { parseObjectId } from '@fairlead/manifests';
import { current, failed, progressing, suspended } from '../health/object-health.ts';
import { readiness, readinessForWave } from './readiness.ts';

const awaited = { id: parseObjectId('apps/Deployment/x/a'), health: current, isApplied: true, failure: null };

describe('readiness', () => {
  it.each([
    ['ready', {}],
    ['ready', { health: suspended('paused') }],
    ['waiting', { isApplied: false }],
    ['waiting', { health: progressing('NotReady', '') }],
    ['waiting', { failure: { isWaiting: true }, isApplied: false }],
    ['failed', { failure: { isWaiting: false }, isApplied: false }],
    ['failed', { health: failed('Crash', '') }],
  ] as const)('is %s for %j', (expected, change) => {
    expect(readiness({ ...awaited, ...change })).toBe(expected);
  });

  it('of a wave does not count what comes from outside', () => {
    const claim = { ...awaited, id: parseObjectId('/PersistentVolumeClaim/x/a'), health: progressing('NotBound', '') };
    expect([readiness(claim), readinessForWave(claim)]).toEqual(['waiting', 'ready']);
    expect(readinessForWave({ ...claim, isApplied: false })).toBe('waiting');
    expect(readinessForWave({ ...claim, health: failed('Lost', '') })).toBe('failed');
  });
});
