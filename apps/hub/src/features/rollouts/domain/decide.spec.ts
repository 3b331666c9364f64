import { aCluster, aReport, aRollout, aStrategy, observed } from '../testing/builders.ts';
import { applyCommand, type CommandName } from './commands.ts';
import { decide, type Decision } from './decide.ts';
import type { CurrentAssignment, Observations, TargetReport } from './observations.ts';
import type { Rollout, TargetKey } from './rollout.types.ts';

const now = 1000;

function assigned(overrides: Partial<CurrentAssignment> = {}): CurrentAssignment {
  return { digest: 'old', releaseId: 1, counter: 4, mode: 'reconcile', settingsMatch: true, ...overrides };
}

const everywhere = (assignment: CurrentAssignment) =>
  new Map<TargetKey, CurrentAssignment>([1, 2, 3].map((id) => [`1/${id}`, assignment]));

function world(reports: Record<TargetKey, TargetReport>, overrides: Partial<Observations> = {}): Observations {
  return observed({
    assignments: everywhere(assigned()),
    reports: new Map(Object.entries(reports) as [TargetKey, TargetReport][]),
    ...overrides,
  });
}

const assignsOf = (decision: Decision) => decision.effects.filter((effect) => effect.type === 'assign');
const reasonOf = (decision: Decision) => decision.next.reason;
const stateOf = (decision: Decision, clusterId: number) =>
  decision.next.targets.find((target) => target.clusterId === clusterId)?.state;

function begun(overrides: Partial<Rollout> = {}): Rollout {
  return decide(aRollout(overrides), world({}), now).next;
}

function command(rollout: Rollout, name: CommandName) {
  return applyCommand(rollout, { name, by: 'ann', reason: 'because' }, world({}), now);
}

describe('decide', () => {
  it('assigns the first wave under the next counter, and says why it is not further', () => {
    const decision = decide(aRollout(), world({}), now);
    expect(assignsOf(decision)).toMatchObject([{ clusterId: 1, digest: 'new', counter: 5, mode: 'reconcile' }]);
    expect(reasonOf(decision)).toBe(
      'wave canary: 0 of 1 clusters done; waiting for c1: orders on c1: the agent has not confirmed it yet',
    );
  });

  it.each([
    ['another digest', { counter: 5, digest: 'old' }],
    ['an older counter', { counter: 4 }],
    ['an earlier session', { counter: 5, epoch: 0 }],
    ['an acknowledgement without health', { counter: 5, health: 'unknown' as const }],
    ['health without acknowledgement', { counter: 5, phase: 'received' as const }],
  ])('does not open the second wave on %s', (_, report) => {
    const decision = decide(begun(), world({ '1/1': aReport(report) }), now);
    expect(assignsOf(decision)).toEqual([]);
    expect(decision.next.waves[0]?.state).not.toBe('passed');
  });

  it('opens the second wave when the exact digest is acknowledged and healthy', () => {
    const decision = decide(begun(), world({ '1/1': aReport({ counter: 5 }) }), now);
    expect(assignsOf(decision).map((assign) => assign.clusterId)).toEqual([2, 3]);
  });

  it('counts what is assigned, acknowledged and healthy already as done without an assignment', () => {
    const current = assigned({ digest: 'new' });
    const reports = { '1/1': aReport({ counter: 4 }), '1/2': aReport({ counter: 4 }), '1/3': aReport({ counter: 4 }) };
    const decision = decide(aRollout(), world(reports as never, { assignments: everywhere(current) }), now);
    expect(assignsOf(decision)).toEqual([]);
    expect(decision.next.state).toBe('succeeded');
  });

  it('assigns again when only the settings differ', () => {
    const current = assigned({ digest: 'new', settingsMatch: false });
    const decision = decide(aRollout(), world({}, { assignments: everywhere(current) }), now);
    expect(assignsOf(decision)).toMatchObject([{ digest: 'new', counter: 5 }]);
  });

  it('fails nobody for a deadline that passed while the hub was away', () => {
    const received = decide(
      begun(),
      world({ '1/1': aReport({ counter: 5, phase: 'received', health: 'unknown' }) }),
      now,
    );
    const later = now + 10_000_000;
    const clusters = new Map([1, 2, 3].map((id) => [id, aCluster(id, { since: later - 10, epoch: 2 })]));
    const decision = decide(received.next, world({}, { clusters, hubStartedAt: later - 5000 }), later);
    expect(decision.next.state).toBe('running');
    expect(stateOf(decision, 1)).toBe('received');
  });

  it('fails nobody for a deadline that passes while its agent is silent', () => {
    const strategy = aStrategy({ offline: { policy: 'wait', waitMs: 3_600_000 } });
    const report = { '1/1': aReport({ counter: 5, phase: 'received', health: 'unknown' }) } as const;
    const received = decide(begun({ strategy }), world(report), now).next;
    const clusters = new Map([1, 2, 3].map((id) => [id, aCluster(id, id === 1 ? { live: false, since: now } : {})]));
    const later = decide(received, world(report, { clusters }), now + 1_200_000);
    expect(later.next.state).toBe('running');
    expect(stateOf(later, 1)).toBe('received');
    const tooLong = decide(received, world(report, { clusters }), now + 3_700_000);
    expect(tooLong.next).toMatchObject({ state: 'rollingBack', reason: expect.stringContaining('offline') as unknown });
  });

  it('fails a target that takes too long while its session is live, and names the object', () => {
    const failing = [{ object: 'apps/Deployment/shop/web', reason: 'ImagePullBackOff', message: 'no such image' }];
    const report = aReport({ counter: 5, health: 'progressing', failing, receivedAt: now, reportedAt: now });
    const waiting = decide(begun(), world({ '1/1': report }), now);
    expect(waiting.effects).toContainEqual({ type: 'checkAt', at: now + 600_000 });
    const late = decide(waiting.next, world({ '1/1': report }), now + 600_000);
    expect(late.next.state).toBe('rollingBack');
    expect(reasonOf(late)).toContain('apps/Deployment/shop/web: ImagePullBackOff: no such image');
  });

  it('restarts the soak when a target turns unhealthy', () => {
    const strategy = aStrategy({
      waves: [{ name: 'canary', clusters: { matchLabels: { ring: 'canary' } }, soakMs: 5000 }],
    });
    const healthy = world({ '1/1': aReport({ counter: 5 }) });
    const soaking = decide(begun({ strategy }), healthy, now).next;
    expect(soaking.waves[0]).toMatchObject({ state: 'soaking', soakStartedAt: now });
    const sick = decide(soaking, world({ '1/1': aReport({ counter: 5, health: 'degraded' }) }), now + 4000).next;
    expect(sick.waves[0]).toMatchObject({ state: 'running', soakStartedAt: null });
    const again = decide(sick, healthy, now + 4500).next;
    expect(again.waves[0]).toMatchObject({ state: 'soaking', soakStartedAt: now + 4500 });
    expect(decide(again, healthy, now + 9400).next.waves[0]?.state).toBe('soaking');
    expect(decide(again, healthy, now + 9500).next.waves[0]?.state).toBe('passed');
  });

  it('starts the soak anew after the clock jumped, so that no jump opens a gate', () => {
    const strategy = aStrategy({
      waves: [{ name: 'canary', clusters: { matchLabels: { ring: 'canary' } }, soakMs: 5000 }],
    });
    const healthy = { '1/1': aReport({ counter: 5 }) };
    const soaking = decide(begun({ strategy }), world(healthy), now).next;
    const jumped = now + 3_600_000;
    const after = decide(soaking, world(healthy, { clockJumpedAt: jumped }), jumped).next;
    expect(after.waves[0]).toMatchObject({ state: 'soaking', soakStartedAt: jumped });
    const back = decide(soaking, world(healthy, { clockJumpedAt: 10 }), 10).next;
    expect(back.waves[0]).toMatchObject({ state: 'soaking', soakStartedAt: 10 });
  });

  it('waits for a canary that is away when nothing else has tried the release', () => {
    const clusters = new Map([1, 2, 3].map((id) => [id, aCluster(id, id === 1 ? { live: false, since: -9000 } : {})]));
    const decision = decide(aRollout(), world({}, { clusters }), now);
    expect(decision.next.waves[0]?.state).toBe('blocked');
    expect(assignsOf(decision)).toEqual([]);
    expect(reasonOf(decision)).toContain('c1 offline, and no other cluster has proved this release yet');
  });

  it('asks nothing more of a silent cluster whose wave has passed', () => {
    const strategy = aStrategy({ offline: { policy: 'wait', waitMs: 1000 } });
    const passed = decide(begun({ strategy }), world({ '1/1': aReport({ counter: 5 }) }), now).next;
    expect(passed.waves[0]?.state).toBe('passed');
    const clusters = new Map([1, 2, 3].map((id) => [id, aCluster(id, id === 1 ? { live: false, since: now } : {})]));
    const later = decide(passed, world({}, { clusters }), now + 3_600_000);
    expect(later.next.state).toBe('running');
    expect(stateOf(later, 1)).toBe('done');
  });

  it('halts instead of going back when the strategy says so, and accepts the failure when it is resumed', () => {
    const strategy = aStrategy({ onFailure: 'halt' });
    const broken = world({ '1/1': aReport({ counter: 5, phase: 'failed', permanent: true, message: 'denied' }) });
    const halted = decide(begun({ strategy }), broken, now).next;
    expect(halted).toMatchObject({ state: 'halted', reason: expect.stringContaining('denied') as unknown });
    const resumed = command(halted, 'resume');
    if (!resumed.ok) throw new Error(resumed.refusal);
    const on = decide(resumed.next, broken, now).next;
    expect(on.state).toBe('running');
    expect(on.waves[0]?.state).toBe('blocked');
  });

  it('rolls apps back in the opposite order of their dependencies', () => {
    const apps = [
      { app: 'gateway', dependsOn: [] },
      { app: 'orders', dependsOn: [{ app: 'gateway', condition: 'healthy' as const }] },
    ];
    const rollout = aRollout({ apps });
    const touched = { previousDigest: 'old', previousReleaseId: 1, counter: 5, touched: true };
    const [first] = rollout.targets;
    if (!first) throw new Error('no target');
    rollout.targets = [
      { ...first, app: 'gateway', appId: 1, state: 'done', ...touched },
      { ...first, app: 'orders', appId: 2, state: 'failed', failure: 'boom', ...touched },
    ];
    const assignments = new Map<TargetKey, CurrentAssignment>([
      ['1/1', assigned({ counter: 5 })],
      ['2/1', assigned({ counter: 5 })],
    ]);
    const down = decide(rollout, world({ '1/1': aReport({ counter: 5 }) }, { assignments }), now);
    expect(assignsOf(down)).toMatchObject([{ app: 'orders', digest: 'old', counter: 6 }]);
    const reports = { '1/1': aReport({ counter: 5 }), '2/1': aReport({ counter: 6, digest: 'old' }) };
    const then = decide(down.next, world(reports as never, { assignments }), now);
    expect(assignsOf(then)).toMatchObject([{ app: 'gateway', digest: 'old' }]);
  });

  it('does nothing about a rollout that is over', () => {
    const rollout = aRollout({ state: 'succeeded' });
    expect(decide(rollout, world({}), now)).toEqual({ next: rollout, effects: [] });
  });
});

describe('commands', () => {
  it('pause until resumed, however long', () => {
    const paused = command(begun(), 'pause');
    if (!paused.ok) throw new Error(paused.refusal);
    expect(paused.next).toMatchObject({ state: 'paused', reason: 'paused by ann: because' });
    const later = decide(paused.next, world({ '1/1': aReport({ counter: 5 }) }), now);
    expect(later.next.state).toBe('paused');
    expect(assignsOf(later)).toEqual([]);
  });

  it('cancel: nothing new is assigned, what is there stays, the group is held', () => {
    const cancelled = command(begun(), 'cancel');
    if (!cancelled.ok) throw new Error(cancelled.refusal);
    expect(cancelled.next.state).toBe('cancelled');
    expect(cancelled.effects).toContainEqual(
      expect.objectContaining({ type: 'hold', policy: 'untilReleased', releaseId: 1, by: 'ann' }),
    );
    expect(assignsOf(cancelled)).toEqual([]);
  });

  it('roll back what was touched, and nothing else', () => {
    const back = command(begun(), 'rollback');
    if (!back.ok) throw new Error(back.refusal);
    const decision = decide(back.next, world({}, { assignments: everywhere(assigned({ counter: 5 })) }), now);
    expect(assignsOf(decision)).toMatchObject([{ clusterId: 1, digest: 'old', releaseId: 1, counter: 6 }]);
    expect([2, 3].map((id) => stateOf(decision, id))).toEqual(['untouched', 'untouched']);
  });

  it('retry assigns a failed target once more under a new counter', () => {
    const broken = world({ '1/1': aReport({ counter: 5, phase: 'failed', permanent: true, message: 'denied' }) });
    const halted = decide(begun({ strategy: aStrategy({ onFailure: 'halt' }) }), broken, now).next;
    const retried = command(halted, 'retry');
    if (!retried.ok) throw new Error(retried.refusal);
    const decision = decide(
      retried.next,
      { ...broken, assignments: everywhere(assigned({ digest: 'new', counter: 5 })) },
      now,
    );
    expect(assignsOf(decision)).toMatchObject([{ clusterId: 1, digest: 'new', counter: 6 }]);
    expect(decision.next.state).toBe('running');
  });

  it.each([
    ['resume', 'running'],
    ['retry', 'succeeded'],
    ['pause', 'rolledBack'],
    ['cancel', 'rollingBack'],
  ] as const)('refuse to %s what is %s', (name, state) => {
    const result = command(aRollout({ state }), name);
    expect(result).toEqual({ ok: false, refusal: `a rollout that is ${state} cannot ${name}` });
  });
});
