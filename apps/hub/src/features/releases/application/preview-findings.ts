import type { PreviewFinding } from '@fairlead/shared/contracts';
import type { Discovery } from '../domain/discover-apps.ts';
import type { PreviewedGroup } from './compare-preview.ts';

const maxFindings = 200;

/** What is wrong with a commit: errors first, each once with the clusters it is about. */
export function previewFindings(groups: readonly PreviewedGroup[], { refused }: Discovery): PreviewFinding[] {
  const findings = new Map<string, PreviewFinding>();
  const add = (finding: Omit<PreviewFinding, 'clusters'>, cluster: string | null): void => {
    const key = JSON.stringify(finding);
    const known = findings.get(key) ?? { ...finding, clusters: [] };
    if (cluster !== null) known.clusters.push(cluster);
    findings.set(key, known);
  };
  for (const { name, errors } of refused) {
    for (const error of errors) add({ severity: 'error', app: name, ...error }, null);
  }
  for (const { drafted } of groups) {
    const failed = new Set(drafted?.failed.map(({ app, cluster }) => `${app} ${cluster}`));
    for (const { cluster, ...error } of drafted?.draft.errors ?? []) {
      const severity = failed.has(`${error.app} ${cluster}`) ? 'error' : 'warning';
      add({ severity, ...error }, cluster);
    }
  }
  return [...findings.values()].sort((left, right) => rank(left) - rank(right)).slice(0, maxFindings);
}

function rank({ severity }: PreviewFinding): number {
  return severity === 'error' ? 0 : 1;
}
