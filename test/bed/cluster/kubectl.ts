import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlRun {
  readonly binary: string;
  readonly kubeconfig: string;
  readonly cacheDirectory: string;
  readonly args: readonly string[];
  readonly input?: string;
}

/** Runs kubectl to its end. A refusal is a result with its code, not an exception: tests look at both. */
export function runKubectl(run: KubectlRun): Promise<KubectlResult> {
  const fixed = ['--kubeconfig', run.kubeconfig, '--cache-dir', join(run.cacheDirectory, 'kubectl-cache')];
  return new Promise((resolve, reject) => {
    const child = spawn(run.binary, [...fixed, ...run.args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    // kubectl may end without reading all of its input; its exit code says why.
    child.stdin.on('error', () => undefined);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, ...output }));
    child.stdin.end(run.input ?? '');
  });
}
