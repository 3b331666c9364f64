import { setTimeout as pause } from 'node:timers/promises';
import { BedError } from '../bed-error.ts';
import type { ApiAnswer, ApiClient } from './api-client.ts';

/**
 * Asks until `isAnswered` accepts. `assertAlive` runs before every question, so that a server which ended at its start is
 * reported at once and with its log, not after the deadline.
 */
async function askUntil(
  ask: () => Promise<ApiAnswer>,
  isAnswered: (answer: ApiAnswer) => boolean,
  wait: { readonly what: string; readonly withinMs: number; readonly assertAlive: () => void },
): Promise<void> {
  const deadline = Date.now() + wait.withinMs;
  for (;;) {
    wait.assertAlive();
    const answer = await ask();
    if (isAnswered(answer)) return;
    if (Date.now() > deadline) {
      throw new BedError(
        `${wait.what} not after ${wait.withinMs / 1_000} s: ${answer.status} ${answer.body.slice(0, 500)}`,
      );
    }
    await pause(75);
  }
}

/** Waits until the API server serves everything, including the namespace that users start with. */
export async function waitForApiServer(api: ApiClient, assertAlive: () => void, withinMs = 90_000): Promise<void> {
  const isOk = (answer: ApiAnswer) => answer.status === 200;
  await askUntil(() => api.send('GET', '/readyz'), isOk, { what: 'API server ready', withinMs, assertAlive });
  const askNamespace = () => api.send('GET', '/api/v1/namespaces/default');
  await askUntil(askNamespace, isOk, { what: 'namespace "default" there', withinMs, assertAlive });
}

/** Makes the class "bed" the one that claims without a class get; a stage of kwok makes the volumes. */
export async function registerStorageClass(api: ApiClient, assertAlive: () => void, withinMs = 60_000): Promise<void> {
  const ask = () => api.send('POST', '/apis/storage.k8s.io/v1/storageclasses', storageClass);
  await askUntil(ask, isCreated, { what: 'storage class registered', withinMs, assertAlive });
}

/** Registers the Nodes that kwok plays, and waits until it reports them Ready. */
export async function registerNodes(
  api: ApiClient,
  names: readonly string[],
  assertAlive: () => void,
  withinMs = 60_000,
): Promise<void> {
  for (const name of names) {
    await askUntil(() => api.send('POST', '/api/v1/nodes', aNode(name)), isCreated, {
      what: `Node ${name} registered`,
      withinMs,
      assertAlive,
    });
  }
  for (const name of names) {
    await askUntil(() => api.send('GET', `/api/v1/nodes/${name}`), isReadyNode, {
      what: `Node ${name} ready`,
      withinMs,
      assertAlive,
    });
  }
}

const isCreated = (answer: ApiAnswer) => answer.status === 201 || answer.status === 409;
const isReadyNode = (answer: ApiAnswer) => answer.status === 200 && answer.body.includes('"KubeletReady"');

const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'bed', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'bed.fairlead.dev/volume',
  volumeBindingMode: 'Immediate',
};

function aNode(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': 'played-by-kwok',
      },
    },
  };
}
