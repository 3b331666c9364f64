import type { DriftItem } from '@fairlead/shared/contracts';
import { changeWords, objectWords, stateOfDrift, whoWords } from '../../output/drift-words.ts';
import type { View } from '../../output/printer.ts';
import { ago, paintState } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function driftView(terminal: Terminal): View<DriftItem> {
  return {
    name: (item) => String(item.id),
    empty: 'No drift.',
    columns: [
      { title: 'ID', value: (item) => String(item.id), isWide: true },
      { title: 'CLUSTER', value: (item) => item.cluster },
      { title: 'OBJECT', value: (item) => objectWords(item.object) },
      { title: 'CHANGE', value: changeWords },
      { title: 'BY', value: whoWords },
      { title: 'FIRST SEEN', value: (item) => ago(item.firstSeenAt, terminal.now()) },
      { title: 'STATE', value: (item) => paintState(stateOfDrift(item), terminal.paint) },
      { title: 'APP', value: (item) => item.app, isWide: true },
    ],
  };
}
