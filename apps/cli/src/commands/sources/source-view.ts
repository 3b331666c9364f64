import type { Source } from '@fairlead/shared/contracts';
import type { View } from '../../output/printer.ts';
import { ago, paintState, short } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function sourceView(terminal: Terminal): View<Source> {
  return {
    name: (source) => source.name,
    empty: 'No sources yet. Follow a Git repository with "fairlead sources add <name> --url <url>".',
    columns: [
      { title: 'NAME', value: (source) => source.name },
      { title: 'STATE', value: (source) => paintState(source.state, terminal.paint) },
      { title: 'REF', value: (source) => `${source.ref} @ ${short(source.commit)}` },
      { title: 'FETCHED', value: (source) => ago(source.fetchedAt, terminal.now()) },
      { title: 'REASON', value: (source) => source.reason ?? '' },
      { title: 'URL', value: (source) => source.url, isWide: true },
    ],
  };
}

export function sourceFields(source: Source, terminal: Terminal): [string, string][] {
  const state = `${paintState(source.state, terminal.paint)} since ${source.since}`;
  return [
    ['name', source.name],
    ['url', source.url],
    ['ref', source.ref],
    ['state', source.reason === null ? state : `${state}: ${source.reason}`],
    ['commit', source.commit === null ? '-' : `${source.commit} ${source.commitSubject ?? ''}`],
    ['fetched', ago(source.fetchedAt, terminal.now())],
    ['asked every', `${source.pollIntervalSeconds} s`],
  ];
}
