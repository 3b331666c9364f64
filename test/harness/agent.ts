import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { IssuedJoinToken } from '@fairlead/shared/contracts';
import type { Api } from './api.ts';
import { startProgram, type RunningProgram } from './process.ts';

export interface AgentOptions {
  api: Api;
  hubUrl: string;
  name: string;
  kubeconfigPath: string;
  labels: Record<string, string>;
  /** The agent's own namespace: fleets that share a cluster differ in it. */
  namespace: string;
}

/** An agent process as users run it, with its own state directory that survives restarts. */
export interface AgentProcess {
  readonly name: string;
  readonly stateDir: string;
  process(): RunningProgram;
  /** Ends it and its twins. */
  stop(): Promise<void>;
  kill9(): Promise<void>;
  /** Starts the program again with the same arguments and state. */
  start(): void;
  /** A second program for the same cluster, with a state directory of its own. */
  startTwin(): RunningProgram;
}

/** Makes a join token for exactly this cluster, starts the agent with it and returns at once. */
export async function startAgent(options: AgentOptions): Promise<AgentProcess> {
  const issued = await options.api.post(
    '/v1/join-tokens',
    { labels: options.labels, namePattern: options.name, maxUses: 2, ttlSeconds: 600 },
    IssuedJoinToken,
  );
  const stateDir = mkdtempSync(join(tmpdir(), `fairlead-agent-${options.name}-`));
  const launch = (directory: string): RunningProgram =>
    startProgram(process.execPath, agentArguments(options, issued.token, directory));
  let running = launch(stateDir);
  const twins: RunningProgram[] = [];
  return {
    name: options.name,
    stateDir,
    process: () => running,
    stop: async () => {
      await Promise.all([running, ...twins].map((program) => program.stop()));
    },
    kill9: () => running.kill9(),
    start: () => {
      if (running.isRunning()) throw new Error(`agent ${options.name} is running already`);
      running = launch(stateDir);
    },
    startTwin: () => {
      const twin = launch(mkdtempSync(join(tmpdir(), `fairlead-twin-${options.name}-`)));
      twins.push(twin);
      return twin;
    },
  };
}

function agentArguments(
  options: Pick<AgentOptions, 'hubUrl' | 'name' | 'kubeconfigPath' | 'namespace'>,
  token: string,
  stateDir: string,
): string[] {
  const bundle = join(import.meta.dirname, '../../dist/agent/main.mjs');
  return z.array(z.string()).parse([
    bundle,
    '--hub', options.hubUrl,
    '--name', options.name,
    '--kubeconfig', options.kubeconfigPath,
    '--namespace', options.namespace,
    '--state-dir', stateDir,
    '--token', token,
  ]); // prettier-ignore
}
