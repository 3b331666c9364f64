import {
  isActive,
  isTerminal,
  nextRolloutState,
  rolloutTransitions,
  targetTransitions,
  waveTransitions,
  type RolloutEvent,
} from './rollout.machine.ts';
import type { RolloutState } from './rollout.types.ts';

const states = Object.keys(rolloutTransitions) as RolloutState[];
const events = Object.keys(rolloutTransitions.running) as RolloutEvent[];

describe('transition tables', () => {
  it('have a cell for every state and event', () => {
    for (const table of [rolloutTransitions, waveTransitions, targetTransitions]) {
      const widths = Object.values(table).map((row) => Object.keys(row).length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it('let nothing out of a terminal rollout but a retry of one that could not go back', () => {
    const exits = states
      .filter(isTerminal)
      .flatMap((state) =>
        events.filter((event) => nextRolloutState(state, event) !== null).map((e) => `${state} ${e}`),
      );
    expect(exits).toEqual(['rollbackFailed retry']);
  });

  it('lead from every active state to a terminal one', () => {
    const ends = (from: RolloutState, seen = new Set<RolloutState>()): boolean => {
      if (isTerminal(from)) return true;
      if (seen.has(from)) return false;
      seen.add(from);
      return events.some((event) => {
        const next = nextRolloutState(from, event);
        return next !== null && ends(next, seen);
      });
    };
    for (const state of states.filter(isActive)) expect([state, ends(state)]).toEqual([state, true]);
  });

  it('let a halted or paused rollout go on only when somebody says so', () => {
    for (const state of ['paused', 'halted'] as const) {
      const forward = events.filter((event) => nextRolloutState(state, event) === 'running');
      expect(forward).toEqual(state === 'halted' ? ['resume', 'retry'] : ['resume']);
    }
  });
});
