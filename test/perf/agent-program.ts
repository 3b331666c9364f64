import { existsSync, mkdtempSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { eventually } from '@fairlead/shared/test-kit';
import { FakeHub } from '../harness/fake-hub.ts';
import { startProgram, type RunningProgram } from '../harness/process.ts';

export interface MeasuredAgent {
  readonly hub: FakeHub;
  readonly program: RunningProgram;
  /** Resident memory now and the most it ever was, MB (10^6 bytes). */
  memory(): Promise<{ rssMb: number; peakMb: number }>;
  /** Processor time it took since its start, s. */
  cpuSeconds(): Promise<number>;
  /** Ends it and starts it again over the same state; done when it has been started. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The agent as it is shipped (one file), with a scripted hub beside it, connected and waiting for work. */
export async function startMeasuredAgent(kubeconfigPath: string, namespace: string): Promise<MeasuredAgent> {
  const hub = await FakeHub.start();
  const stateDir = mkdtempSync(join(tmpdir(), 'fairlead-bench-agent-'));
  const bundle = await agentBundle();
  const launch = () =>
    startProgram(process.execPath, [
      ...(process.env['FAIRLEAD_BENCH_NODE_FLAGS']?.split(' ') ?? []),
      bundle,
      ...['--hub', hub.url, '--name', 'bench', '--token', hub.joinToken],
      ...['--kubeconfig', kubeconfigPath, '--namespace', namespace, '--state-dir', stateDir],
    ]);
  let program = launch();
  await eventually(
    () => {
      if (hub.sessions === 0) throw new Error(`the agent did not connect\n${program.output()}`);
    },
    { timeoutMs: 30_000 },
  );
  return {
    hub,
    get program() {
      return program;
    },
    cpuSeconds: async () => {
      const text = await readFile(`/proc/${program.pid}/stat`, 'utf8');
      // After the name, which may hold spaces: user and system time are fields 14 and 15 of all.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
    },
    restart: async () => {
      await program.stop();
      program = launch();
    },
    memory: async () => {
      const status = await readFile(`/proc/${program.pid}/status`, 'utf8');
      const read = (field: string) =>
        (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6;
      return { rssMb: Math.round(read('VmRSS') * 10) / 10, peakMb: Math.round(read('VmHWM') * 10) / 10 };
    },
    stop: async () => {
      await program.stop();
      await hub.close();
    },
  };
}

// The kernel's unit of processor time, the same on every Linux that Node runs on.
const clockTicksPerSecond = 100;

async function agentBundle(): Promise<string> {
  const built = join(import.meta.dirname, '../../dist/agent/main.mjs');
  if (existsSync(built) && process.env['FAIRLEAD_BENCH_BUILT'] !== undefined) return built;
  const outfile = join(mkdtempSync(join(tmpdir(), 'fairlead-bench-bundle-')), 'main.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, '../../apps/agent/src/main.ts')],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: ['bufferutil', 'utf-8-validate'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return outfile;
}
