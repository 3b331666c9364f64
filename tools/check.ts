// `npm run check`: everything that can be proved without running the product. Two steps at a time; stops at the first failure
// and shows what it said.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { nodeArguments } from './node-binary.mjs';

interface Step {
  name: string;
  /** Program of this repository and its arguments, run by this Node. */
  command: string[];
}

const root = join(import.meta.dirname, '..');
const atOnce = 2;

// The longest first, so that the short ones fill the gaps.
const steps: Step[] = [
  { name: 'lint', command: ['tools/check/lint.ts'] },
  { name: 'unit tests', command: ['tools/jest.ts', 'unit', '--silent', '--maxWorkers=2'] },
  {
    name: 'types',
    command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit', '--pretty', 'false'],
  },
  { name: 'format', command: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
  { name: 'generated files', command: ['tools/generate.ts', '--check'] },
  { name: 'repository', command: ['tools/check/repository.ts'] },
  { name: 'unused code', command: ['node_modules/.bin/knip', '--no-progress'] },
  { name: 'migrations', command: ['tools/check/migrations.ts'] },
];

const only = process.argv.slice(2);
const wanted = only.length === 0 ? steps : steps.filter((step) => only.includes(step.name.replaceAll(' ', '-')));
process.exitCode = (await runAll(wanted)) ? 0 : 1;

async function runAll(all: readonly Step[]): Promise<boolean> {
  const waiting = [...all];
  const running = new Map<string, ReturnType<typeof start>>();
  for (;;) {
    while (running.size < atOnce) {
      const step = waiting.shift();
      if (!step) break;
      running.set(step.name, start(step));
    }
    if (running.size === 0) return true;
    const { step, isGood } = await Promise.race([...running.values()].map(({ ended }) => ended));
    running.delete(step.name);
    if (isGood) continue;
    for (const { child } of running.values()) child.kill();
    await Promise.all([...running.values()].map(({ ended }) => ended));
    return false;
  }
}

function start(step: Step) {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [...nodeArguments, ...step.command], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NX_DAEMON: 'false', NO_COLOR: '1' },
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const ended = new Promise<{ step: Step; isGood: boolean }>((resolve) => {
    child.on('close', (code, signal) => {
      const seconds = `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
      const isGood = code === 0;
      if (isGood) console.log(`ok      ${step.name.padEnd(16)} ${seconds.padStart(8)}`);
      else if (signal) console.log(`stopped ${step.name.padEnd(16)} ${seconds.padStart(8)}`);
      else {
        console.log(`FAILED  ${step.name.padEnd(16)} ${seconds.padStart(8)}\n`);
        console.log(Buffer.concat(output).toString().trimEnd());
        console.log(`\nAgain, alone: npm run check -- ${step.name.replaceAll(' ', '-')}\n`);
      }
      resolve({ step, isGood });
    });
  });
  return { child, ended };
}
