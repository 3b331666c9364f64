import type { DriftReport, Group, Rollout, RolloutPlan, Target } from '@fairlead/shared/contracts';
import picocolors from 'picocolors';
import { changeWords, objectWords, stateOfDrift, whoWords } from './drift-words.ts';
import { fleetLines } from './fleet-lines.ts';
import { LiveBlock } from './live-block.ts';
import { planLines } from './plan-lines.ts';
import { rolloutLines } from './rollout-lines.ts';

const paint = picocolors.createColors(false);
const nowMs = Date.parse('2026-01-01T12:00:00Z');
const commit = '4f1c2ab000000000000000000000000000000000';
const counts = { total: 1, done: 0, inFlight: 0, failed: 0, pending: 1, offline: 0 };
const wave = { reason: null, since: '2026-01-01T11:59:00Z', counts, soakUntil: null };

const rollout: Rollout = {
  id: 2,
  group: 'shop',
  kind: 'rollout',
  release: { id: 5, number: 2, commit, subject: 'orders: new image' },
  state: 'running',
  reason: null,
  since: '2026-01-01T11:59:00Z',
  startedBy: 'hub',
  planHash: 'abc',
  version: 3,
  waves: [
    {
      ...wave,
      ordinal: 0,
      name: 'canary',
      state: 'soaking',
      clusters: ['c-1'],
      counts: { ...counts, done: 1 },
      soakUntil: '2026-01-01T12:00:04Z',
    },
    { ...wave, ordinal: 1, name: 'rest', state: 'pending', clusters: ['r-1'] },
  ],
  createdAt: '2026-01-01T11:59:00Z',
  finishedAt: null,
};

describe('a rollout on a few lines', () => {
  it('shows a bar per wave and why it is not further', () => {
    expect(rolloutLines(rollout, [], { paint, nowMs, isLive: true })).toEqual([
      'Rollout 2  shop  4f1c2ab "orders: new image"  running',
      '  canary  ██████████ 1/1  healthy, soaks 4 s more',
      '  rest    ░░░░░░░░░░ 0/1  waits for its turn',
    ]);
  });

  it('does not count down where lines cannot be drawn again', () => {
    const lines = rolloutLines(rollout, [], { paint, nowMs, isLive: false });
    expect(lines[1]).toBe('  canary  ██████████ 1/1  healthy, soaking');
  });

  it('calls waves that were never begun untouched when all is over', () => {
    const over = { ...rollout, state: 'rolledBack', finishedAt: '2026-01-01T12:00:00Z' } as const;
    expect(rolloutLines(over, [], { paint, nowMs, isLive: true })[2]).toBe('  rest    ░░░░░░░░░░ 0/1  untouched');
  });

  it('names what failed, and where', () => {
    const target = {
      app: 'orders', cluster: 'c-1', wave: 0, state: 'failed', reason: 'Deployment orders/api: ImagePullBackOff',
      since: wave.since, digest: 'd', previousDigest: null, counter: 1, health: 'failed',
    } as const; // prettier-ignore
    const lines = rolloutLines({ ...rollout, state: 'rollingBack' }, [target], { paint, nowMs, isLive: true });
    expect(lines[0]).toContain('rolling back');
    expect(lines[2]?.trim()).toBe('orders on c-1: Deployment orders/api: ImagePullBackOff');
  });
});

describe('a plan', () => {
  it('puts targets with the same change together and says what stands against it', () => {
    const change = { from: 'a'.repeat(64), to: 'b'.repeat(64), added: 0, changed: 1, deleted: 0, app: 'orders' };
    const plan: RolloutPlan = {
      planHash: 'p1', group: 'shop', release: { id: 1, number: 1, commit }, unchanged: 2,
      waves: [{ name: 'all', clusters: ['a', 'b'] }],
      targets: [{ ...change, cluster: 'a' }, { ...change, cluster: 'b' }],
      warnings: [], blocked: ['contains quarantined orders on a'], needsConfirmation: true,
    }; // prettier-ignore
    expect(planLines(plan, paint)).toEqual([
      'Plan  shop#1  4f1c2ab  p1',
      '  all: a, b',
      '  +0 ~1 -0  aaaaaaa → bbbbbbb  orders on a, b',
      '  2 targets unchanged',
      '  ✖ does not start by itself: contains quarantined orders on a',
      '  ! needs your confirmation: start it with the plan hash above',
    ]);
  });
});

describe('the fleet on one screen', () => {
  const group: Group = {
    name: 'shop', source: 'demo', apps: ['orders'], activeRollout: null, hold: null, quarantine: [], blocked: null,
    newestRelease: { id: 5, number: 2, commit, state: 'ready' },
    lastRollout: { id: 2, state: 'succeeded', finishedAt: '2026-01-01T11:57:00Z' },
  }; // prettier-ignore
  const target = (cluster: string, health: Target['health']): Target => ({
    app: 'orders', cluster, group: 'shop', release: { number: 2, commit }, digest: 'd', mode: 'reconcile', counter: 1,
    acknowledged: null, health, failing: [], pruneHold: null, openDrift: 0, unmanaged: 0, contended: 0, notices: [], asOf: null,
  }); // prettier-ignore
  const drift: DriftReport = {
    groupBy: 'app', since: null, asOf: '2026-01-01T12:00:00Z', groups: [], identical: [],
    totals: { open: 0, corrected: 0, reverted: 0, superseded: 0, unmanaged: 0 },
  }; // prettier-ignore

  it('has a line per group with a cell per wave, told apart by more than colour', () => {
    const text = fleetLines(
      {
        clusters: [],
        groups: [{ group, rollout: { ...rollout, state: 'succeeded', finishedAt: '2026-01-01T11:57:00Z' } }],
        targets: [target('c-1', 'healthy'), target('r-1', 'unknown')],
        drift,
        newestDrift: null,
      },
      { paint, nowMs },
    );
    expect(text).toBe(
      '0 clusters       drift  0 open  0 corrected today\n' +
        'GROUP   RELEASE   CANARY   REST    ROLLOUT\n' +
        'shop    4f1c2ab   ● 1/1    ? 0/1   2 succeeded 3 min ago\n',
    );
  });
});

describe('drift in words', () => {
  it('names object, change and who, with a mark on a guess', () => {
    expect(objectWords('/ConfigMap/orders/limits')).toBe('configmap orders/limits');
    expect(objectWords('apps/Deployment/shop/api')).toBe('deployment.apps shop/api');
    expect(objectWords('/Namespace//shop')).toBe('namespace shop');
    expect(changeWords({ path: '/data/rate', change: 'changed', desired: '100', live: '9999' })).toBe(
      '/data/rate  "100" → "9999"',
    );
    const item = { manager: 'kubectl-patch', operation: 'Update', confidence: 'low', contended: false } as const;
    expect(whoWords(item)).toBe('probably kubectl-patch');
    expect(whoWords({ ...item, confidence: 'high', contended: true })).toBe('kubectl-patch, again and again');
  });

  it('keeps what is contended and what Git says nothing about apart', () => {
    const item = { state: 'open', change: 'changed', contended: false } as const;
    expect(stateOfDrift(item)).toBe('open');
    expect(stateOfDrift({ ...item, contended: true })).toBe('contended');
    expect(stateOfDrift({ ...item, change: 'unmanaged' })).toBe('unmanaged');
    expect(stateOfDrift({ ...item, state: 'corrected', contended: true })).toBe('corrected');
    expect(changeWords({ path: '/spec/x', change: 'unmanaged', desired: null, live: 1 })).toBe(
      '/spec/x  set to 1, not in Git',
    );
  });
});

describe('lines that are drawn again', () => {
  it('are written once each where there is no terminal', () => {
    let text = '';
    const block = new LiveBlock({ isLive: false, columns: 80, write: (part) => void (text += part) });
    block.draw(['a', 'b 1']);
    block.draw(['a', 'b 2']);
    expect(text).toBe('a\nb 1\nb 2\n');
  });

  it('replace each other on one, cut to its width', () => {
    let text = '';
    const block = new LiveBlock({ isLive: true, columns: 5, write: (part) => void (text += part) });
    block.draw(['abcdefgh']);
    text = '';
    block.draw(['ab']);
    expect(text).toContain('\u001b[1A');
    expect(text).toContain('ab');
  });
});
