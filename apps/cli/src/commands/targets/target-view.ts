import type { Target } from '@fairlead/shared/contracts';
import type { View } from '../../output/printer.ts';
import { ago, paintState, plural, short } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function targetView(terminal: Terminal): View<Target> {
  return {
    name: (target) => `${target.app}/${target.cluster}`,
    empty: 'No targets yet: no release has reached a cluster.',
    columns: [
      { title: 'APP', value: (target) => target.app },
      { title: 'CLUSTER', value: (target) => target.cluster },
      { title: 'HEALTH', value: (target) => paintState(target.health, terminal.paint) },
      { title: 'RELEASE', value: releaseOf },
      { title: 'DRIFT', value: driftOf },
      { title: 'AS OF', value: (target) => ago(target.asOf, terminal.now()) },
      { title: 'TROUBLE', value: troubleOf },
      { title: 'GROUP', value: (target) => target.group, isWide: true },
      { title: 'DIGEST', value: (target) => short(target.digest), isWide: true },
      { title: 'COUNTER', value: (target) => String(target.counter), isWide: true },
    ],
  };
}

/** "#3 4f1c2ab", with what keeps it from being what runs there. */
export function releaseOf(target: Target): string {
  const release = target.release === null ? '-' : `#${target.release.number} ${short(target.release.commit)}`;
  const isThere = target.acknowledged?.digest === target.digest && target.acknowledged.phase === 'applied';
  return `${release}${isThere ? '' : ' (not yet applied)'}${target.mode === 'frozen' ? ' (frozen)' : ''}`;
}

/** "2 open, 1 contended, 3 unmanaged", as far as there are any. */
export function driftOf(target: Pick<Target, 'openDrift' | 'contended' | 'unmanaged'>): string {
  const counts = [
    [target.openDrift, 'open'],
    [target.contended, 'contended'],
    [target.unmanaged, 'unmanaged'],
  ] as const;
  return counts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])).join(', ');
}

function troubleOf(target: Target): string {
  const held = target.pruneHold === null ? [] : [`prune held: ${target.pruneHold.reason} (${target.pruneHold.count})`];
  const notices = target.notices.length === 0 ? [] : [plural(target.notices.length, 'notice')];
  return [...target.failing.map((failing) => `${failing.object}: ${failing.reason}`), ...held, ...notices].join('; ');
}
