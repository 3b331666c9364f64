import type { DriftItemReport } from '@fairlead/shared/contracts';
import { ReportBuffer, type Report } from './report-buffer.ts';

const head = { app: 'shop', counter: 1, digest: 'd'.repeat(64), at: '2026-01-01T00:00:00Z' };

describe('the report buffer', () => {
  it('numbers reports per epoch and forgets what is confirmed', () => {
    const buffer = new ReportBuffer();
    buffer.beginEpoch(7);
    buffer.add(ack('received'));
    buffer.add(status('progressing'));
    expect(buffer.takeUnsent().map(({ epoch, report, type }) => [epoch, report, type])).toEqual([
      [7, 1, 'ack'],
      [7, 2, 'status'],
    ]);
    buffer.confirm(7, 1);
    expect(buffer.size).toBe(1);
    buffer.confirm(7, 2);
    expect(buffer.size).toBe(0);
  });

  it('keeps only the newest report about the same thing', () => {
    const buffer = new ReportBuffer();
    buffer.beginEpoch(1);
    buffer.add(ack('received'));
    buffer.takeUnsent();
    buffer.add(ack('applied'));
    expect(buffer.takeUnsent()).toMatchObject([{ type: 'ack', phase: 'applied', report: 2 }]);
    // The confirmation of the older one says nothing about the newer one.
    buffer.confirm(1, 1);
    expect(buffer.size).toBe(1);
  });

  it('sends everything unconfirmed again in a new epoch, and ignores confirmations of an old one', () => {
    const buffer = new ReportBuffer();
    buffer.beginEpoch(1);
    buffer.add(status('healthy'));
    buffer.takeUnsent();
    buffer.beginEpoch(2);
    buffer.confirm(1, 1);
    expect(buffer.takeUnsent()).toMatchObject([{ type: 'status', epoch: 2, report: 1 }]);
  });

  it('holds opening and closing of a field together until both are confirmed', () => {
    const buffer = new ReportBuffer();
    buffer.beginEpoch(1);
    buffer.add(drift(['/a', '/b'], []));
    buffer.takeUnsent();
    buffer.add(drift([], ['/a']));
    expect(buffer.takeUnsent()).toMatchObject([{ report: 2, opened: [{ path: '/a' }], closed: [{ path: '/a' }] }]);
    buffer.confirm(1, 1);
    expect(buffer.size).toBe(1);
  });

  it('does not repeat an opening that the hub has', () => {
    const buffer = new ReportBuffer();
    buffer.beginEpoch(1);
    buffer.add(drift(['/a'], []));
    buffer.takeUnsent();
    buffer.confirm(1, 1);
    buffer.add(drift([], ['/a']));
    expect(buffer.takeUnsent()).toMatchObject([{ opened: [], closed: [{ path: '/a' }] }]);
  });

  it('stays bounded however long the hub is away', () => {
    const buffer = new ReportBuffer();
    for (let round = 0; round < 50; round += 1) {
      buffer.add(ack('applied'));
      buffer.add(
        drift(
          Array.from({ length: 100 }, (_, index) => `/field-${round}-${index}`),
          [],
        ),
      );
    }
    expect(buffer.size).toBeLessThanOrEqual(2_001);
  });
});

function ack(phase: 'received' | 'applied'): Report {
  return { type: 'ack', ...head, phase, permanent: false, message: null, failures: [] };
}

function status(health: 'progressing' | 'healthy'): Report {
  const counts = { objects: 0, healthy: 0, progressing: 0, failed: 0 };
  return {
    type: 'status',
    ...head,
    applied: true,
    health,
    counts,
    failing: [],
    openDrift: 0,
    unmanaged: 0,
    contended: 0,
    pruneHold: null,
    notices: [],
  };
}

function drift(opened: string[], closed: string[]): Report {
  return {
    type: 'drift',
    ...head,
    opened: opened.map(item),
    closed: closed.map((path) => ({ object: '/ConfigMap/a/b', path, outcome: 'corrected', at: head.at })),
  };
}

function item(path: string): DriftItemReport {
  return {
    object: '/ConfigMap/a/b',
    apiVersion: 'v1',
    path,
    change: 'changed',
    contended: false,
    desired: '1',
    live: '2',
    manager: 'kubectl-edit',
    operation: 'Update',
    managerAt: head.at,
    confidence: 'high',
    firstSeenAt: head.at,
  };
}
