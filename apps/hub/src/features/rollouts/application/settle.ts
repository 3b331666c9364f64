import { decide, type Decision } from '../domain/decide.ts';
import type { CurrentAssignment, Observations } from '../domain/observations.ts';
import type { Effect } from '../domain/rollout.effects.ts';
import { isTerminal } from '../domain/rollout.machine.ts';
import { targetKey, type Rollout, type TargetKey } from '../domain/rollout.types.ts';

const mostRounds = 50;

/** Decides again and again, as if its effects had happened already, until there is nothing left to decide. */
export function settle(rollout: Rollout, world: Observations, now: number): Decision {
  const effects: Effect[] = [];
  const assignments = new Map<TargetKey, CurrentAssignment>(world.assignments);
  let next = rollout;
  for (let round = 0; round < mostRounds; round += 1) {
    const decision = decide(next, { ...world, assignments }, now);
    const news = decision.effects.filter((effect) => effect.type !== 'checkAt');
    const checks = decision.effects.filter((effect) => effect.type === 'checkAt');
    next = decision.next;
    effects.push(...news);
    for (const effect of news) {
      if (effect.type !== 'assign') continue;
      const { digest, releaseId, counter, mode } = effect;
      const settingsMatch = releaseId === next.releaseId;
      assignments.set(targetKey(effect), { digest, releaseId, counter, mode, settingsMatch });
    }
    if (news.length === 0 || isTerminal(next.state)) return { next, effects: [...effects, ...checks] };
  }
  throw new Error('a rollout does not come to rest');
}
