import { nextGroupStep, type GroupView } from './group-policy.ts';

function group(overrides: Partial<GroupView> = {}): GroupView {
  return {
    newest: { id: 9, number: 3, digest: 'd3', strategy: { trigger: 'auto' } },
    current: null,
    hold: null,
    quarantined: [],
    isQuarantinedDigest: false,
    newestEndedAs: null,
    different: [{ clusterId: 1, isLive: true }],
    behindHeld: [],
    ...overrides,
  };
}

const failedRelease = { id: 8, digest: 'd2' };
const held = { releaseId: 7, policy: 'untilFixed', reason: 'it failed', badRelease: failedRelease } as const;

describe('nextGroupStep', () => {
  it('opens the newest release when something differs', () => {
    expect(nextGroupStep(group())).toMatchObject({ type: 'open', releaseId: 9, scope: null, endsHold: false });
  });

  it('opens nothing when every target runs it already', () => {
    expect(nextGroupStep(group({ different: [] }))).toEqual({ type: 'rest', blocked: null });
  });

  it('does not start what contains something quarantined, however many commits later', () => {
    const step = nextGroupStep(group({ hold: held, quarantined: [{ app: 'orders', cluster: 'eu-1' }] }));
    expect(step).toEqual({ type: 'rest', blocked: 'blocked: contains quarantined orders on eu-1 (release #3)' });
  });

  it('ends a hold by itself with the first release without it', () => {
    expect(nextGroupStep(group({ hold: held }))).toMatchObject({ type: 'open', endsHold: true });
  });

  it.each([
    ['the failed release itself', { ...held, badRelease: { id: 9, digest: 'd3' } }],
    ['the same content again', { ...held, badRelease: { id: 8, digest: 'd3' } }],
    ['a hold that waits for a person', { ...held, policy: 'untilReleased' as const }],
    ['a hold that no failure explains', { ...held, badRelease: null }],
  ])('stays held over %s', (_, hold) => {
    expect(nextGroupStep(group({ hold }))).toMatchObject({ type: 'rest', blocked: expect.stringMatching(/^held/) });
  });

  it('gives clusters that are behind a hold the held release', () => {
    const step = nextGroupStep(
      group({ hold: { ...held, policy: 'untilReleased' }, behindHeld: [{ clusterId: 5, isLive: true }] }),
    );
    expect(step).toMatchObject({ type: 'open', releaseId: 7, scope: [5], endsHold: false });
  });

  it('brings only live clusters along once the release has succeeded', () => {
    const different = [
      { clusterId: 1, isLive: false },
      { clusterId: 2, isLive: true },
    ];
    expect(nextGroupStep(group({ newestEndedAs: 'succeeded', different }))).toMatchObject({ type: 'open', scope: [2] });
    expect(nextGroupStep(group({ newestEndedAs: 'succeeded', different: different.slice(0, 1) }))).toMatchObject({
      type: 'rest',
    });
  });

  it('waits for a person when the trigger is manual', () => {
    const newest = { id: 9, number: 3, digest: 'd3', strategy: { trigger: 'manual' } } as const;
    expect(nextGroupStep(group({ newest }))).toMatchObject({
      type: 'rest',
      blocked: expect.stringContaining('manual'),
    });
  });

  it.each([
    ['running', 'supersede', 'release #3'],
    ['running', 'queue', null],
    ['paused', 'supersede', null],
    ['rollingBack', 'supersede', null],
  ] as const)('beside a rollout that is %s with %s, the successor is %s', (state, onNewRelease, successor) => {
    const current = { id: 4, kind: 'rollout', state, releaseId: 8, onNewRelease } as const;
    expect(nextGroupStep(group({ current }))).toMatchObject({ type: 'behind', successor });
  });

  it('never lets a newer release interrupt a rollback by hand', () => {
    const current = { id: 4, kind: 'rollback', state: 'running', releaseId: 7, onNewRelease: 'supersede' } as const;
    expect(nextGroupStep(group({ current }))).toMatchObject({ type: 'behind', successor: null });
  });

  it('replaces a rollout that still waits for its start', () => {
    const current = {
      id: 4,
      kind: 'rollout',
      state: 'awaitingStart',
      releaseId: 8,
      onNewRelease: 'supersede',
    } as const;
    expect(nextGroupStep(group({ current }))).toEqual({ type: 'replace', rolloutId: 4 });
  });
});
