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

/** "apps/orders/kustomization.yaml:7:3  unknown field ... (did you mean ...?)" */
export function findingLine(finding: App['errors'][number]): string {
  const place = [finding.file, finding.line, finding.column].filter((part) => part !== null).join(':');
  const hint = finding.hint === null ? '' : ` (${finding.hint})`;
  return `${place}  ${finding.message}${hint}${finding.cluster === null ? '' : `  cluster: ${finding.cluster}`}`;
}
