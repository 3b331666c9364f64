import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { clusterBinaryNames, ensureBinaries, type OnBinariesProgress, startClusters } from './bed.ts';
import { BedError } from './bed-error.ts';
import { readBed, removeBed } from './bed-directory.ts';

const usage = `Real Kubernetes control planes on this machine, without containers.

  npm run bed -- build                 build the programs (once; about 10 minutes on 2 cores)
  npm run bed -- up N [--pure]         start N clusters, bed-1 to bed-N; they stay until "down"
  npm run bed -- status [--json]       what runs, where, and the kubeconfig of each
  npm run bed -- down                  stop them and remove what they stored

  --pure   only etcd and the API server
  --dir D  another directory than .fairlead/bed, for a second bed
`;

const repeatMs = process.stderr.isTTY ? 1_000 : 30_000;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      pure: { type: 'boolean', default: false },
      dir: { type: 'string', default: join(import.meta.dirname, '..', '..', '.fairlead', 'bed') },
    },
  });
  const [command, count] = positionals;
  switch (command) {
    case 'build':
      await ensureBinaries(printProgress(), { repeatMs });
      return 0;
    case 'up':
      await up(Number(count ?? '1'), values.dir, values.pure);
      return status(values.dir, values.json);
    case 'status':
      return status(values.dir, values.json);
    case 'down':
      console.log(`stopped: ${(await removeBed(values.dir)).join(', ') || 'nothing was running'}`);
      return 0;
    default:
      console.error(usage);
      return command === undefined || command === 'help' ? 0 : 2;
  }
}

async function up(count: number, dir: string, pure: boolean): Promise<void> {
  if (!Number.isInteger(count) || count < 1) throw new BedError('up needs a number of clusters, such as "up 3"');
  const binaries = await ensureBinaries(printProgress(), { names: clusterBinaryNames, repeatMs });
  await removeBed(dir);
  const startedAt = Date.now();
  const names = Array.from({ length: count }, (_, index) => `bed-${index + 1}`);
  await startClusters(names, { dir, binaries, pure, background: true });
  console.error(`${count} ready in ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`);
}

async function status(dir: string, json: boolean): Promise<number> {
  const clusters = await readBed(dir);
  if (json) console.log(JSON.stringify({ dir, clusters }, null, 2));
  else if (clusters.length === 0) console.log('no clusters; start some with: npm run bed -- up 3');
  for (const cluster of json ? [] : clusters) {
    const state = cluster.ready
      ? 'ready'
      : `not ready${cluster.ended.length > 0 ? `, ended: ${cluster.ended.join(', ')}` : ''}`;
    const programs = Object.entries(cluster.pids).map(([program, pid]) => `${program} ${pid}`);
    console.log(`${cluster.name}  ${state}  ${cluster.serverUrl}${cluster.pure ? '  (pure)' : ''}`);
    console.log(`  KUBECONFIG=${cluster.kubeconfigPath}\n  ${programs.join('  ')}`);
  }
  return clusters.every((cluster) => cluster.ready) ? 0 : 1;
}

/** On a terminal one line that changes; elsewhere a line now and then. */
function printProgress(): OnBinariesProgress {
  if (!process.stderr.isTTY) return (line) => console.error(line);
  return (line, { state }) => process.stderr.write(`\r\u001b[2K${line}${state === 'built' ? '\n' : ''}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BedError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
