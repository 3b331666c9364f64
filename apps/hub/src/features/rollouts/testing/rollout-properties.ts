import fc from 'fast-check';
import type { TargetReport } from '../domain/observations.ts';
import { isTerminal } from '../domain/rollout.machine.ts';
import type { Strategy, TargetKey } from '../domain/rollout.types.ts';
import { aCluster, aStrategy } from './builders.ts';
import { InvariantKeeper } from './invariants.ts';
import { SimulatedGroup } from './simulated-group.ts';

const clusterCount = 6;
const healths = ['healthy', 'healthy', 'progressing', 'degraded', 'failed', 'unknown'] as const;

const agentSays = fc.record({
  phase: fc.constantFrom<TargetReport['phase'][]>('received', 'applied', 'applied', 'applied', 'failed'),
  health: fc.constantFrom<TargetReport['health'][]>(...healths),
  permanent: fc.boolean(),
});
// The canary is where most of it is decided.
const cluster = fc.oneof(
  { weight: 1, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.nat({ max: clusterCount + 1 }).map((index) => index + 1) },
);
const app = fc.nat({ max: 1 });

const happening = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant('work' as const),
      honest: fc.integer({ min: 60, max: 100 }),
      stale: fc.nat({ max: 5 }).map((draw) => draw === 0),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('say' as const),
      cluster,
      app,
      said: agentSays,
      staleBy: fc.nat({ max: 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('deliver' as const), index: fc.nat({ max: 20 }), again: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('tick' as const),
      ms: fc.constantFrom(10, 500, 3500, 30_000, 400_000, 700_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('disconnect' as const), cluster }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('connect' as const), cluster }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('flap' as const), cluster }) },
  { weight: 1, arbitrary: fc.constant({ type: 'hub' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('jump' as const), ms: fc.constantFrom(-3_600_000, 3_600_000) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('commit' as const), app, part: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('join' as const), cluster }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('revoke' as const), cluster }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('command' as const),
      name: fc.constantFrom(
        'pause' as const,
        'resume' as const,
        'resume' as const,
        'cancel' as const,
        'rollback' as const,
        'retry' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ type: 'release-hold' as const }, { type: 'unquarantine' as const }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const strategy = fc
  .record({
    soakMs: fc.constantFrom(0, 5000, 60_000),
    waitMs: fc.constantFrom(20_000, 900_000),
    maxInFlight: fc.constantFrom<Strategy['maxInFlight'][]>(1, 2, '50%', '100%'),
    budget: fc.constantFrom(0, 0, 1),
    policy: fc.constantFrom<Strategy['offline']['policy'][]>('skip', 'wait', 'catchUp'),
    onFailure: fc.constantFrom<Strategy['onFailure'][]>('rollback', 'rollback', 'halt'),
    hold: fc.constantFrom<Strategy['hold'][]>('untilFixed', 'untilReleased'),
    onNewRelease: fc.constantFrom<Strategy['onNewRelease'][]>('supersede', 'queue'),
  })
  .map(({ soakMs, waitMs, budget, policy, ...rest }) =>
    aStrategy({
      ...rest,
      waves: [
        { name: 'canary', clusters: { matchLabels: { ring: 'canary' } }, soakMs },
        { name: 'early', clusters: { percent: 40 }, soakMs: 0 },
      ],
      failureBudget: { perWave: budget, total: budget },
      offline: { policy, waitMs },
    }),
  );

/** Any sequence of happenings, with an invariant check on every decision and, at the end, proof that it is not stuck. */
export const rolloutProperty = fc.property(
  strategy,
  fc.array(happening, { minLength: 5, maxLength: 60 }),
  (chosen, happenings) => {
    const keeper = new InvariantKeeper();
    const group: SimulatedGroup = new SimulatedGroup({
      strategy: chosen,
      apps: [
        { app: 'app0', dependsOn: [] },
        { app: 'app1', dependsOn: [{ app: 'app0', condition: 'healthy' }] },
      ],
      clusters: Array.from({ length: clusterCount }, (_, index) =>
        aCluster(index + 1, { labels: index === 0 ? { ring: 'canary' } : {} }),
      ),
      onDecided: ({ before, after, effects }) => keeper.check(group, before, after, effects),
    });
    group.release();
    group.advance();
    for (const item of happenings) {
      happen(group, item);
      group.advance();
    }
    heal(group);
  },
);

function happen(group: SimulatedGroup, item: Happening): void {
  switch (item.type) {
    case 'work':
      work(group, item.honest, item.stale ? 1 : 0);
      return;
    case 'say':
      group.say(`${item.app}/${item.cluster}`, item.said, item.staleBy);
      return;
    case 'deliver':
      group.deliver(item.index, item.again);
      return;
    case 'tick':
      pass(group, item.ms);
      return;
    case 'disconnect':
      group.disconnect(item.cluster);
      return;
    case 'connect':
      group.connect(item.cluster);
      return;
    case 'flap':
      group.disconnect(item.cluster);
      group.connect(item.cluster);
      return;
    case 'hub':
      group.restartHub();
      return;
    case 'jump':
      group.jumpClock(item.ms);
      return;
    case 'commit':
      group.release((appId, clusterId) => appId === item.app && (!item.part || clusterId % 2 === 0));
      return;
    case 'join':
      if (!group.clusters.has(item.cluster)) group.join(aCluster(item.cluster, { since: group.now }));
      return;
    case 'revoke': {
      const found = group.clusters.get(item.cluster);
      if (found && item.cluster > 2) Object.assign(found, { removed: true, live: false, since: group.now });
      return;
    }
    case 'command':
      group.command(item.name);
      return;
    case 'release-hold':
      group.releaseHold();
      return;
    case 'unquarantine':
      group.unquarantine();
  }
}

/** Time passes with the timer of the machine going off where it wanted to. */
function pass(group: SimulatedGroup, ms: number): void {
  const end = group.now + ms;
  for (let round = 0; group.checkAt !== null && group.checkAt <= end; round += 1) {
    if (round > 200) throw new Error('the timer goes off for ever');
    group.now = Math.max(group.now, group.checkAt);
    group.advance();
  }
  group.now = Math.max(group.now, end);
}

/** Agents of live clusters do what they are told; the hub hears it at once from `honest` per cent of them. */
function work(group: SimulatedGroup, honest: number, staleBy = 0): void {
  for (const [key, assignment] of group.assignments) {
    const clusterId = Number(key.split('/')[1]);
    if (group.clusters.get(clusterId)?.live !== true) continue;
    group.say(key as TargetKey, { phase: 'applied', health: 'healthy', permanent: false }, staleBy);
    if ((clusterId * 37 + assignment.counter * 11) % 100 < honest) group.deliver(group.inbox.length - 1, false);
  }
}

/** Everybody comes back and is well: whatever was going on must now end, unless a person is asked. */
function heal(group: SimulatedGroup): void {
  for (let round = 0; round < 200 && (round < 5 || group.current !== undefined); round += 1) {
    for (const id of group.clusters.keys()) group.connect(id);
    if (group.current?.state === 'paused') group.command('resume');
    // A wave of which only failures are left waits for a person, whatever the budget allows.
    if (round % 50 === 49 && group.current?.state === 'running') group.command('retry');
    work(group, 100);
    group.advance();
    pass(group, 10_000);
  }
  const last = group.rollouts.at(-1);
  if (last && !isTerminal(last.state) && last.state !== 'halted') {
    throw new Error(`stuck in ${last.state}: ${last.reason ?? 'no reason'}`);
  }
}
