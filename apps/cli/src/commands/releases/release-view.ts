import type { Release } from '@fairlead/shared/contracts';
import type { View } from '../../output/printer.ts';
import { ago, paintState, short } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function releaseView(terminal: Terminal): View<Release> {
  return {
    name: (release) => String(release.id),
    empty: 'No releases yet. A commit to a source makes one for each group it changes.',
    columns: [
      { title: 'ID', value: (release) => String(release.id) },
      { title: 'RELEASE', value: (release) => `${release.group}#${release.number}` },
      { title: 'COMMIT', value: (release) => short(release.commit) },
      { title: 'STATE', value: (release) => paintState(release.state, terminal.paint) },
      { title: 'TARGETS', value: (release) => String(release.targets) },
      { title: 'MADE', value: (release) => ago(release.createdAt, terminal.now()) },
      { title: 'SUBJECT', value: (release) => release.subject },
      { title: 'AUTHOR', value: (release) => release.author, isWide: true },
      { title: 'DIGEST', value: (release) => short(release.digest), isWide: true },
    ],
  };
}
