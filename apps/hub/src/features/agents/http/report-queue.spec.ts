import type { AgentReport } from '@fairlead/shared/contracts';
import { eventually } from '@fairlead/shared/test-kit';
import { ReportQueue } from './report-queue.ts';

function report(number: number): AgentReport {
  return {
    type: 'ack',
    epoch: 1,
    report: number,
    app: 'a',
    counter: 1,
    digest: 'a'.repeat(64),
    at: '2026-01-01T00:00:00Z',
    phase: 'received',
    permanent: false,
    message: null,
    failures: [],
  };
}

function openQueue(store: (reports: AgentReport[]) => Promise<void>) {
  const flow: string[] = [];
  const queue = new ReportQueue({
    store,
    pause: () => flow.push('pause'),
    resume: () => flow.push('resume'),
    onError: () => flow.push('error'),
  });
  return { queue, flow };
}

describe('the queue of reports', () => {
  it('stores in order and in batches while the database is busy', async () => {
    const batches: number[][] = [];
    const { queue } = openQueue(async (reports) => void batches.push(reports.map(({ report }) => report)));
    for (let number = 1; number <= 450; number += 1) queue.add(report(number));
    await eventually(() => expect(batches.flat()).toHaveLength(450));
    expect(batches.flat()).toEqual(Array.from({ length: 450 }, (_, index) => index + 1));
    expect(batches.length).toBeLessThan(6);
  });

  it('stops reading from the agent while it is full', async () => {
    let letGo = (): void => {};
    const gate = new Promise<void>((open) => (letGo = open));
    const { queue, flow } = openQueue(() => gate);
    for (let number = 1; number <= 1000; number += 1) queue.add(report(number));
    expect(flow).toEqual(['pause']);
    expect(queue.isFull).toBe(true);
    letGo();
    await eventually(() => expect(flow).toEqual(['pause', 'resume']));
  });

  it('keeps reports that could not be stored and tries again', async () => {
    const stored: number[] = [];
    let failures = 1;
    const { queue, flow } = openQueue(async (reports) => {
      if (failures-- > 0) throw new Error('the database is away');
      stored.push(...reports.map(({ report }) => report));
    });
    queue.add(report(1));
    queue.add(report(2));
    await eventually(() => expect(stored).toEqual([1, 2]));
    expect(flow).toEqual(['error']);
  });
});
