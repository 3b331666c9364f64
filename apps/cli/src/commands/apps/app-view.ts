import type { App } from '@fairlead/shared/contracts';
import type { View } from '../../output/printer.ts';
import { paintState, plural, short } from '../../output/words.ts';
import type { Terminal } from '../../terminal.ts';

export function appView(terminal: Terminal): View<App> {
  return {
    name: (app) => app.name,
    empty: 'No apps yet. A directory with a fairlead.yaml in a source is one.',
    columns: [
      { title: 'NAME', value: (app) => app.name },
      { title: 'GROUP', value: (app) => app.group },
      { title: 'STATE', value: (app) => paintState(app.state, terminal.paint) },
      { title: 'COMMIT', value: (app) => short(app.commit) },
      { title: 'SOURCE', value: (app) => `${app.source}/${app.directory}` },
      {
        title: 'ERRORS',
        value: (app) => (app.errors.length === 0 ? '' : terminal.paint.red(plural(app.errors.length, 'error'))),
      },
    ],
  };
}

type FindingOnCluster = App['errors'][number];

/** "apps/orders/kustomization.yaml:7:3  unknown field ... (did you mean ...?)  clusters: rest-1", once per mistake. */
export function findingLines(findings: readonly FindingOnCluster[]): string[] {
  const byText = Map.groupBy(findings, findingText);
  return [...byText].map(([text, same]) => {
    const clusters = same.flatMap((finding) => finding.cluster ?? []);
    return clusters.length === 0
      ? text
      : `${text}  ${clusters.length === 1 ? 'cluster' : 'clusters'}: ${clusters.join(', ')}`;
  });
}

function findingText(finding: FindingOnCluster): string {
  const place = [finding.file, finding.line, finding.column].filter((part) => part !== null).join(':');
  return `${place}  ${finding.message}${finding.hint === null ? '' : ` (${finding.hint})`}`;
}
