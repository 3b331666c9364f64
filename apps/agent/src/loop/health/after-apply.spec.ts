import type { JsonObject } from '@fairlead/manifests';
import { parseObjectId } from '@fairlead/manifests';
import { newRecord } from '../state/object-record.ts';
import { rememberApply } from './after-apply.ts';
import { storedMemory } from './health-memory.ts';

const record = (key: string) => newRecord(key, parseObjectId(key), 'v1');
const api = (generation: number, time: string): JsonObject => ({
  metadata: { generation, resourceVersion: time },
  status: { api_id: 'x', latestTransaction: { status: 'Successful', time } },
});

describe('what is remembered of an apply', () => {
  it('is what the status said, when the apply changed the object and the status names no generation', () => {
    const definition = record('tyk.tyk.io/ApiDefinition/shop/orders');
    rememberApply(definition, { desired: {}, answer: api(1, '10:00'), generationBefore: 1 });
    expect(definition.memory.staleMark).toBeNull();
    rememberApply(definition, { desired: {}, answer: api(2, '10:00'), generationBefore: 1 });
    const mark = definition.memory.staleMark;
    expect(mark).toContain('10:00');
    // Applied once more without a change: what is awaited still is.
    rememberApply(definition, { desired: {}, answer: api(2, '10:00'), generationBefore: 2 });
    expect(definition.memory.staleMark).toBe(mark);
    expect(storedMemory(definition.memory, Date.now() + 3_600_000)).toMatchObject({ staleMark: mark });
  });

  it('is that a Job goes away by itself', () => {
    const job = record('batch/Job/shop/migrate');
    const answer = { metadata: { resourceVersion: '7' } };
    rememberApply(job, { desired: { spec: { ttlSecondsAfterFinished: 0 } }, answer, generationBefore: null });
    expect(job.memory.vanishes).toBe(true);
    rememberApply(job, { desired: { spec: {} }, answer, generationBefore: null });
    expect(job.memory.vanishes).toBe(false);
  });

  it('is not kept on disk for objects that nothing is awaited of', () => {
    const plain = record('/ConfigMap/shop/limits');
    expect(storedMemory(plain.memory, Date.now())).toBeNull();
  });
});
