import type { Group } from '@fairlead/shared/contracts';
import type { View } from '../../output/printer.ts';
import { paintState, short, shorten } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function groupView(terminal: Terminal): View<Group> {
  return {
    name: (group) => group.name,
    empty: 'No groups yet. They come with the first apps.',
    columns: [
      { title: 'NAME', value: (group) => group.name },
      { title: 'APPS', value: (group) => group.apps.join(', ') },
      { title: 'NEWEST', value: newest },
      { title: 'ROLLOUT', value: (group) => rolloutOf(group, terminal) },
      { title: 'HOLD', value: (group) => (group.hold === null ? '' : terminal.paint.yellow(holdOf(group.hold))) },
      { title: 'WHY NOT FURTHER', value: (group) => shorten(group.blocked ?? '', 60) },
      { title: 'SOURCE', value: (group) => group.source, isWide: true },
    ],
  };
}

export function groupFields(group: Group, terminal: Terminal): [string, string][] {
  const quarantined = group.quarantine.map((entry) => `${entry.app} on ${entry.cluster}  ${short(entry.digest)}`);
  return [
    ['name', group.name],
    ['apps', group.apps.join(', ')],
    ['source', group.source],
    ['newest', newest(group)],
    ['rollout', rolloutOf(group, terminal)],
    ['hold', group.hold === null ? 'none' : `${holdOf(group.hold)}: ${group.hold.reason}`],
    ['quarantine', quarantined.join('\n') || 'empty'],
    ['why not further', group.blocked ?? '-'],
  ];
}

function newest(group: Group): string {
  const release = group.newestRelease;
  return release === null ? '-' : `#${release.number} ${short(release.commit)} ${release.state}`;
}

function rolloutOf(group: Group, terminal: Terminal): string {
  if (group.activeRollout !== null) return terminal.paint.cyan(`${group.activeRollout} active`);
  const last = group.lastRollout;
  return last === null ? '-' : `${last.id} ${paintState(last.state, terminal.paint)}`;
}

function holdOf(hold: NonNullable<Group['hold']>): string {
  return `${hold.release === null ? 'on what it has' : `on release ${hold.release}`}, ${hold.policy}`;
}
