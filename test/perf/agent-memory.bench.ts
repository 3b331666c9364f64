import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '@fairlead/manifests';
import { eventually } from '@fairlead/shared/test-kit';
import { clusterBinaryNames, ensureBinaries, startCluster } from '../bed/bed.ts';
import { startMeasuredAgent } from './agent-program.ts';

const appCount = 10;
const settleMs = 60_000;

/**
 * Resident memory of the agent with 1,000 objects (4,000 in the long form) in ten apps: right after applying them, after a
 * minute at rest, and the most it ever was. Beside it: what KubeFleet's member agent takes, measured separately.
 */
export async function run({ quick }: { quick: boolean }): Promise<Record<string, unknown>> {
  const objectCount = quick ? 1_000 : 4_000;
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-bench-memory-'));
  const binaries = await ensureBinaries(undefined, { names: clusterBinaryNames });
  const cluster = await startCluster({ name: 'bench', dir, binaries, pure: true });
  const agent = await startMeasuredAgent(cluster.kubeconfigPath, 'fairlead-bench');
  try {
    const idle = await agent.memory();
    const settings = { namespace: 'memory', createNamespace: true };
    const assignments = Array.from({ length: appCount }, (_, index) =>
      agent.hub.assign(`app-${index}`, objectsOf(index, objectCount / appCount), { settings }),
    );
    for (const assignment of assignments) {
      await eventually(() => agent.hub.expectHealthy(assignment), { timeoutMs: 120_000 });
    }
    const applied = await agent.memory();
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const settled = await agent.memory();
    return {
      unit: 'MB',
      ours: settled.rssMb,
      theirs: 33,
      theirsMeasured: 'recorded',
      ratio: Math.round((settled.rssMb / 33) * 100) / 100,
      n: 1,
      objects: objectCount,
      rssMb: settled.rssMb,
      peakMb: settled.peakMb,
      idleMb: idle.rssMb,
      appliedMb: applied.rssMb,
    };
  } finally {
    await agent.stop();
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function objectsOf(app: number, count: number): KubeObject[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: index % 4 === 0 ? 'Secret' : 'ConfigMap',
    metadata: { name: `object-${app}-${index}` },
    data: { value: Buffer.from(`${app} ${index} `.repeat(80)).toString('base64') },
  }));
}
