import type { Rollout } from '@fairlead/shared/contracts';
import type { View } from '../../output/printer.ts';
import { ago, paintState, short, shorten } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function rolloutView(terminal: Terminal): View<Rollout> {
  return {
    name: (rollout) => String(rollout.id),
    empty: 'No rollouts yet.',
    columns: [
      { title: 'ID', value: (rollout) => String(rollout.id) },
      { title: 'GROUP', value: (rollout) => rollout.group },
      { title: 'RELEASE', value: (rollout) => `#${rollout.release.number} ${short(rollout.release.commit)}` },
      { title: 'STATE', value: (rollout) => paintState(rollout.state, terminal.paint) },
      { title: 'SINCE', value: (rollout) => ago(rollout.since, terminal.now()) },
      { title: 'REASON', value: (rollout) => shorten(rollout.reason ?? '', 100) },
      { title: 'BY', value: (rollout) => rollout.startedBy, isWide: true },
      { title: 'PLAN', value: (rollout) => short(rollout.planHash), isWide: true },
    ],
  };
}
