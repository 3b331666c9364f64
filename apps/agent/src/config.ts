import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { homedir } from 'node:os';
import { parseArgs } from 'node:util';
import { CodedError, Secret } from '@fairlead/shared/kernel';
import type { LocalLimits } from './domain/tenancy/local-limits.ts';
import { limitFlags, readLimits } from './limits-config.ts';
import type { LogLevel } from './logger.ts';

export interface AgentConfig {
  /** Where the hub is (`FAIRLEAD_HUB_URL`). */
  readonly hubUrl: URL;
  /** PEM bundle that the hub's certificate must chain to (`FAIRLEAD_HUB_CA`); null: the system's. */
  readonly hubCaFile: string | null;
  /** Null: this process runs in the cluster (`KUBECONFIG` is not read: an agent must not pick a cluster by accident). */
  readonly kubeconfig: string | null;
  readonly context: string | null;
  /** Name of the cluster at the hub (`FAIRLEAD_CLUSTER_NAME`). */
  readonly clusterName: string;
  /** Needed once, to enrol (`FAIRLEAD_JOIN_TOKEN`). */
  readonly joinToken: Secret | null;
  /** Snapshots (sealed) and progress are kept here (`FAIRLEAD_STATE_DIR`). */
  readonly stateDir: string;
  /** The agent's own namespace (`FAIRLEAD_NAMESPACE`). */
  readonly namespace: string;
  /** How long a workload's Pods may be stuck before the target counts as failed, ms (`FAIRLEAD_STUCK_GRACE_MS`). */
  readonly stuckGraceMs: number;
  /** Longest silence of the API server in the middle of a request, ms (`FAIRLEAD_KUBE_TIMEOUT_MS`). */
  readonly kubeTimeoutMs: number;
  /** After how much silence of the API server the health of objects is taken back, ms (`FAIRLEAD_API_SILENCE_MS`). */
  readonly apiSilenceMs: number;
  /** A watch that says nothing for so long is taken for dead, ms (`FAIRLEAD_WATCH_SILENCE_MS`). */
  readonly watchSilenceMs: number;
  /** Where watching is forbidden, each object is looked at once in this time, ms (`FAIRLEAD_POLL_INTERVAL_MS`). */
  readonly pollIntervalMs: number;
  /** Every object is compared whole once in this time, whatever the watches say, ms (`FAIRLEAD_SWEEP_INTERVAL_MS`). */
  readonly sweepIntervalMs: number;
  readonly logLevel: LogLevel;
  /** What apps may do here, whatever the hub says. */
  readonly limits: LocalLimits;
}

const names = [
  'hub',
  'hub-ca',
  'kubeconfig',
  'context',
  'name',
  'token',
  'state-dir',
  'namespace',
  'log-level',
  ...limitFlags,
] as const;
const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));

/** Reads flags first, then the environment. All problems come in one error. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): AgentConfig {
  const problems: string[] = [];
  let flags: Partial<Record<string, string | boolean>> = {};
  try {
    flags = parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  const read = (flag: (typeof names)[number], variable: string): string | null => {
    const value = flags[flag] ?? env[variable];
    return typeof value === 'string' && value !== '' ? value : null;
  };

  const clusterName = read('name', 'FAIRLEAD_CLUSTER_NAME');
  if (clusterName === null) problems.push('--name (FAIRLEAD_CLUSTER_NAME) is missing');
  else if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(clusterName)) {
    problems.push('--name must be lower-case letters, digits and dashes, at most 63');
  }
  const hubUrl = readHubUrl(read('hub', 'FAIRLEAD_HUB_URL'), problems);
  const logLevel = read('log-level', 'FAIRLEAD_LOG_LEVEL') ?? 'info';
  if (!isLogLevel(logLevel)) problems.push('--log-level must be debug, info, warn or error');
  const stuckGraceMs = readMs(env, 'FAIRLEAD_STUCK_GRACE_MS', 30_000, problems);
  const limits = readLimits(read, problems);
  const kubeTimeoutMs = readMs(env, 'FAIRLEAD_KUBE_TIMEOUT_MS', 30_000, problems);
  const apiSilenceMs = readMs(env, 'FAIRLEAD_API_SILENCE_MS', 60_000, problems);
  // The server sends a bookmark about once a minute: two missed ones mean that the connection is dead.
  const watchSilenceMs = readMs(env, 'FAIRLEAD_WATCH_SILENCE_MS', 115_000, problems);
  const pollIntervalMs = readMs(env, 'FAIRLEAD_POLL_INTERVAL_MS', 60_000, problems);
  const sweepIntervalMs = readMs(env, 'FAIRLEAD_SWEEP_INTERVAL_MS', 12 * 3_600_000, problems);

  if (problems.length > 0 || hubUrl === null || clusterName === null || !isLogLevel(logLevel)) {
    throw new CodedError({ code: 'agent.config', kind: 'invalid' }, 'the configuration is not valid', { problems });
  }
  const token = read('token', 'FAIRLEAD_JOIN_TOKEN');
  return Object.freeze({
    hubUrl,
    hubCaFile: read('hub-ca', 'FAIRLEAD_HUB_CA'),
    kubeconfig: read('kubeconfig', 'FAIRLEAD_KUBECONFIG'),
    context: read('context', 'FAIRLEAD_CONTEXT'),
    clusterName,
    joinToken: token === null ? null : new Secret(token),
    stateDir: resolve(
      read('state-dir', 'FAIRLEAD_STATE_DIR') ?? join(homedir() || '/tmp', '.fairlead', `agent-${clusterName}`),
    ),
    namespace: read('namespace', 'FAIRLEAD_NAMESPACE') ?? 'fairlead-system',
    stuckGraceMs,
    kubeTimeoutMs,
    apiSilenceMs,
    watchSilenceMs,
    pollIntervalMs,
    sweepIntervalMs,
    logLevel,
    limits,
  });
}

/** Who this process is among several agents of one cluster. */
export function processName(): string {
  return `${hostname()}-${process.pid}`;
}

function readMs(env: NodeJS.ProcessEnv, variable: string, byDefault: number, problems: string[]): number {
  const value = Number(env[variable] ?? byDefault);
  if (!Number.isInteger(value) || value < 0) problems.push(`${variable} must be whole milliseconds`);
  return value;
}

function readHubUrl(text: string | null, problems: string[]): URL | null {
  if (text === null) {
    problems.push('--hub (FAIRLEAD_HUB_URL) is missing');
    return null;
  }
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    problems.push('--hub must be an http(s) URL');
    return null;
  }
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLoopback) problems.push('--hub must be https outside loopback');
  return url;
}

function isLogLevel(text: string): text is LogLevel {
  return text === 'debug' || text === 'info' || text === 'warn' || text === 'error';
}
