import { resolve } from 'node:path';
import { z } from 'zod';
import { CodedError, Secret } from '@fairlead/shared/kernel';

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value));
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** Every setting of the hub by the environment variable that sets it. All are read here, once. */
const Environment = z.object({
  /** PostgreSQL the hub works on. `hub all` starts an embedded one when unset. */
  DATABASE_URL: secret.optional(),
  /** Connection of the role that owns the schema; `DATABASE_URL` when unset. Only migrations use it. */
  FAIRLEAD_MIGRATION_DATABASE_URL: secret.optional(),
  /** Role of `DATABASE_URL`, granted what it needs after migrations run as another role. */
  FAIRLEAD_RUNTIME_ROLE: z.string().min(1).optional(),
  /** Connections of one hub process for its own queries; the queue has its own few. */
  FAIRLEAD_DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(500).default(16),
  /** Redis for queues and signals; PostgreSQL does both when unset. */
  REDIS_URL: secret.optional(),
  /** Keeps the keys of several hubs on one Redis apart. */
  FAIRLEAD_REDIS_PREFIX: z.string().min(1).default('fairlead'),
  /** Address to listen on. */
  FAIRLEAD_HOST: z.string().min(1).default('127.0.0.1'),
  /** TCP port to listen on; 0 takes a free one. */
  FAIRLEAD_PORT: z.coerce.number().int().min(0).max(65_535).default(7700),
  /** URL by which agents and people reach the hub; audience of agent assertions. */
  FAIRLEAD_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Whether `X-Forwarded-For` of a proxy in front is believed. */
  FAIRLEAD_TRUST_PROXY: flag.default(false),
  /** Keys, bare Git repositories and the embedded database are kept here. */
  FAIRLEAD_DATA_DIR: z.string().min(1).default('.fairlead/hub'),
  /** Sealing keys, base64 of 32 bytes each, comma-separated, the first seals. A file in the data directory when unset. */
  FAIRLEAD_SEALING_KEY: secret.optional(),
  /** Key that signs agents' access tokens, base64 of 32 bytes. A file in the data directory when unset. */
  FAIRLEAD_SIGNING_KEY: secret.optional(),
  /** Level of the log. */
  FAIRLEAD_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** How often agents give a sign of life; three missed ones and the cluster counts as unknown. Milliseconds. */
  FAIRLEAD_HEARTBEAT_MS: z.coerce.number().int().min(100).max(600_000).default(30_000),
  /** Render worker processes. */
  FAIRLEAD_RENDER_WORKERS: z.coerce.number().int().min(1).max(64).default(2),
  /** Longest time one render may take before its process is killed. Milliseconds. */
  FAIRLEAD_RENDER_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(30_000),
  /** Path of the `helm` program, for apps that are charts. Without it they are refused. */
  FAIRLEAD_HELM: z.string().min(1).optional(),
  /** Path of the `kustomize` program, for apps with `render.engine: external`. Without it they are refused. */
  FAIRLEAD_KUSTOMIZE: z.string().min(1).optional(),
  /** Longest time one run of helm or kustomize may take before it is killed. Milliseconds. */
  FAIRLEAD_EXTERNAL_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(30_000),
  /** How long a stopping hub waits for work that has begun. Milliseconds. */
  FAIRLEAD_SHUTDOWN_MS: z.coerce.number().int().min(0).max(600_000).default(15_000),
});

export interface HubConfig {
  readonly database: {
    readonly url: Secret | null;
    readonly migrationUrl: Secret | null;
    readonly runtimeRole: string | null;
    readonly poolSize: number;
  };
  readonly redis: { readonly url: Secret; readonly prefix: string } | null;
  readonly http: { readonly host: string; readonly port: number; readonly trustProxy: boolean };
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly keys: { readonly sealing: Secret | null; readonly signing: Secret | null };
  readonly log: { readonly level: string };
  readonly heartbeatIntervalMs: number;
  readonly render: { readonly workers: number; readonly timeoutMs: number };
  readonly externalEngine: {
    readonly helm: string | null;
    readonly kustomize: string | null;
    readonly timeoutMs: number;
  };
  readonly shutdownMs: number;
}

export const HUB_CONFIG = Symbol('HubConfig');

/** Reads and checks all settings. Throws one error that names every problem. */
export function loadConfig(environment: Record<string, string | undefined>): HubConfig {
  // An empty variable is an unset one: that is how many deployments spell it.
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new CodedError({ code: 'config.invalid', kind: 'invalid' }, 'The configuration is invalid.', { problems });
  }
  const env = parsed.data;
  return deepFreeze({
    database: {
      url: env.DATABASE_URL ?? null,
      migrationUrl: env.FAIRLEAD_MIGRATION_DATABASE_URL ?? null,
      runtimeRole: env.FAIRLEAD_RUNTIME_ROLE ?? null,
      poolSize: env.FAIRLEAD_DATABASE_POOL_SIZE,
    },
    redis: env.REDIS_URL ? { url: env.REDIS_URL, prefix: env.FAIRLEAD_REDIS_PREFIX } : null,
    http: { host: env.FAIRLEAD_HOST, port: env.FAIRLEAD_PORT, trustProxy: env.FAIRLEAD_TRUST_PROXY },
    publicUrl: (env.FAIRLEAD_PUBLIC_URL ?? `http://${env.FAIRLEAD_HOST}:${env.FAIRLEAD_PORT}`).replace(/\/+$/, ''),
    dataDir: resolve(env.FAIRLEAD_DATA_DIR),
    keys: { sealing: env.FAIRLEAD_SEALING_KEY ?? null, signing: env.FAIRLEAD_SIGNING_KEY ?? null },
    log: { level: env.FAIRLEAD_LOG_LEVEL },
    heartbeatIntervalMs: env.FAIRLEAD_HEARTBEAT_MS,
    render: { workers: env.FAIRLEAD_RENDER_WORKERS, timeoutMs: env.FAIRLEAD_RENDER_TIMEOUT_MS },
    externalEngine: {
      helm: env.FAIRLEAD_HELM ?? null,
      kustomize: env.FAIRLEAD_KUSTOMIZE ?? null,
      timeoutMs: env.FAIRLEAD_EXTERNAL_TIMEOUT_MS,
    },
    shutdownMs: env.FAIRLEAD_SHUTDOWN_MS,
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
