import { afterReport, isDecisive, type Acknowledged, type Observed, type TargetStatus } from './target-status.ts';

const digest = 'a'.repeat(64);
const assigned = { counter: 3, digest };
const at = { assigned, nowMs: 5000 };

const ack = (overrides: Partial<Acknowledged> = {}): Acknowledged => ({
  type: 'ack',
  epoch: 2,
  counter: 3,
  digest,
  phase: 'applied',
  permanent: false,
  message: null,
  failures: [],
  ...overrides,
});

const observed = (overrides: Partial<Observed> = {}): Observed => ({
  type: 'status',
  epoch: 2,
  counter: 3,
  digest,
  applied: true,
  health: 'healthy',
  counts: { objects: 1 },
  failing: [],
  openDrift: 0,
  unmanaged: 0,
  contended: 0,
  pruneHold: null,
  notices: [],
  ...overrides,
});

function known(...reports: (Acknowledged | Observed)[]): TargetStatus {
  let status: TargetStatus | null = null;
  for (const report of reports) status = afterReport(status, report, { assigned, nowMs: 1000 });
  if (!status) throw new Error('no report counted');
  return status;
}

describe('reports about a target', () => {
  it('count when they are about what is assigned', () => {
    expect(afterReport(null, ack(), at)).toMatchObject({ phase: 'applied', appliedAtMs: 5000, health: 'unknown' });
  });

  it.each([
    ['a counter that was never given out', ack({ counter: 4 })],
    ['another digest under this counter', ack({ digest: 'b'.repeat(64) })],
    ['an older session', ack({ epoch: 1 })],
    ['an older assignment than the one known', ack({ counter: 2 })],
  ])('count for nothing: %s', (_, report) => {
    expect(afterReport(known(ack()), report, at)).toBeNull();
  });

  it('start health from nothing for a newer session, which has not said anything about it yet', () => {
    const again = afterReport(known(ack(), observed()), ack({ epoch: 3 }), at);
    expect(again).toMatchObject({ phase: 'applied', health: 'unknown' });
  });

  it('start health from nothing for a newer assignment', () => {
    const healthy = known(ack(), observed());
    const next = afterReport(healthy, ack({ counter: 4, phase: 'received' }), {
      assigned: { counter: 4, digest },
      nowMs: 6000,
    });
    expect(next).toMatchObject({
      counter: 4,
      phase: 'received',
      health: 'unknown',
      receivedAtMs: 6000,
      appliedAtMs: null,
    });
  });

  it('do not take back that it was applied when the agent receives it again', () => {
    expect(afterReport(known(ack()), ack({ phase: 'received' }), at)?.phase).toBe('applied');
  });

  it('say applied by a status too, and keep when it first was', () => {
    expect(afterReport(known(ack({ phase: 'received' })), observed(), at)).toMatchObject({
      phase: 'applied',
      appliedAtMs: 5000,
    });
    expect(afterReport(known(ack()), observed(), at)?.appliedAtMs).toBe(1000);
  });

  it('keep why it failed, until it is applied', () => {
    const failure = { object: '/ConfigMap/a/b', reason: 'Forbidden', message: 'no', pods: null };
    const failed = known(ack({ phase: 'failed', permanent: true, message: 'no', failures: [failure] }));
    expect(failed).toMatchObject({
      phase: 'failed',
      permanent: true,
      message: 'no',
      failing: [{ ...failure, pods: [] }],
    });
    expect(afterReport(failed, ack(), at)).toMatchObject({ phase: 'applied', permanent: false, message: null });
  });

  it('keep what the first Pods said, and of how many that is', () => {
    const failing = ['a', 'b', 'c'].map((object) => ({ object, reason: 'r', message: 'm', pods: [1, 2, 3] }));
    const said = known(observed({ failing })).failing.map(({ pods }) => pods);
    expect(said).toEqual([[1, 2, 3], [1, 2, 3], []]);
  });

  it('say that the app is deleted, and are not taken back by what comes behind it', () => {
    const deleted = known(ack(), ack({ phase: 'deleted' }));
    expect(deleted).toMatchObject({ phase: 'deleted', message: null });
    const after = afterReport(deleted, observed({ applied: false, health: 'unknown' }), at);
    expect(after).toMatchObject({ phase: 'deleted' });
    expect(after && isDecisive(known(ack()), after)).toBe(true);
  });

  it('matter to a rollout when phase, health or session changed', () => {
    const before = known(ack(), observed());
    const same = afterReport(before, observed({ counts: { objects: 2 } }), at);
    const sick = afterReport(before, observed({ health: 'degraded' }), at);
    expect(same && isDecisive(before, same)).toBe(false);
    expect(sick && isDecisive(before, sick)).toBe(true);
  });
});
