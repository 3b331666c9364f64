import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What becomes of a Pod; see the README for how a Pod asks for it. */
export const podFates = ['ready', 'nope', 'crash', 'crash-later', 'pending', 'not-ready'] as const;
export type PodFate = (typeof podFates)[number];

/** Annotation of a Pod (in a workload: of its Pod template) that decides its fate, whatever its images are called. */
export const fateAnnotation = 'bed.fairlead.dev/fate';

const special = podFates.filter((fate) => fate !== 'ready').map((fate) => JSON.stringify(fate));

// A jq expression over the Pod: the annotation, else the first tag among its images that means something, else ready.
const fateExpression =
  `[.metadata.annotations["${fateAnnotation}"] // empty, ` +
  `(.spec.containers[].image | sub("@.*$"; "") | split(":")[-1] | select(IN(${special.join(', ')})))] | first // "ready"`;

const stageFiles = ['node.yaml', 'pod-runs.yaml', 'pod-waits.yaml', 'pod-crashes.yaml', 'volume.yaml'] as const;
const directory = join(import.meta.dirname, 'stages');

/** The configuration that kwok runs with: all stages, and where the logs of every container are read from. */
export async function kwokConfiguration(containerLog: string): Promise<string> {
  const [crashedStatus, ...stages] = await Promise.all(
    ['pod-crashed-status.tpl', ...stageFiles].map((file) => readFile(join(directory, file), 'utf8')),
  );
  const filled = stages.map((stage) =>
    stage
      .replaceAll('${fate}', () => fateExpression)
      .replaceAll(': ${crashed-status}', () => `: ${JSON.stringify(crashedStatus)}`),
  );
  return [...filled, clusterLogs(containerLog)].join('\n---\n');
}

function clusterLogs(containerLog: string): string {
  return JSON.stringify({
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterLogs',
    metadata: { name: 'every-container' },
    spec: { logs: [{ logsFile: containerLog, follow: false }] },
  });
}
