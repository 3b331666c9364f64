import { spawn } from 'node:child_process';
import type { Json } from '@fairlead/manifests';
import { parseExactJson } from '@fairlead/manifests';
import { ensureBinaries } from '../../bed/bed.ts';

/** What the real kustomize says about a directory. */
export type OracleAnswer =
  { readonly ok: true; readonly objects: readonly Json[] } | { readonly ok: false; readonly message: string };

export interface Oracle {
  build(directory: string): Promise<OracleAnswer>;
}

/** The real kustomize; its YAML is read by the Kubernetes YAML reader, never by our own, or mistakes would cancel out. */
export async function startOracle(onProgress?: (line: string) => void): Promise<Oracle> {
  const binaries = await ensureBinaries((line) => onProgress?.(line), { names: ['kustomize', 'yaml2json'] });
  return {
    async build(directory) {
      const built = await run(binaries.kustomize, ['build', directory], null);
      if (built.code !== 0) return { ok: false, message: built.stderr.trim() };
      const converted = await run(binaries.yaml2json, [], built.stdout);
      if (converted.code !== 0) throw new Error(`yaml2json failed for ${directory}: ${converted.stderr}`);
      const objects = parseExactJson(converted.stdout);
      return { ok: true, objects: Array.isArray(objects) ? objects : [] };
    },
  };
}

interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(command: string, args: readonly string[], input: string | null): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
    child.stdin?.end(input);
  });
}
