import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CodedError } from '@fairlead/shared/kernel';
import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf, isJsonObject } from '@fairlead/manifests';
import { rememberedToken } from './endpoint.ts';
import type { KubeEndpoint } from './endpoint.ts';

/** Reads a kubeconfig: token, token file, client certificate or exec plugin; CA inline or as a file. */
export async function kubeconfigEndpoint(path: string, contextName?: string): Promise<KubeEndpoint> {
  // Loaded only here: an agent inside a cluster never parses YAML.
  const { load } = await import('js-yaml');
  const config = load(await readFile(path, 'utf8')) as Json;
  const context = named(config, 'contexts', contextName ?? text(fieldOf(config, 'current-context')), 'context');
  const cluster = named(config, 'clusters', text(fieldOf(context, 'cluster')), 'cluster');
  const user = named(config, 'users', text(fieldOf(context, 'user')), 'user');
  const file = (name: string | null) => (name === null ? null : resolve(dirname(path), name));

  const ca = await inlineOrFile(cluster, 'certificate-authority', file);
  const cert = await inlineOrFile(user, 'client-certificate', file);
  const key = await inlineOrFile(user, 'client-key', file);
  const servername = text(fieldOf(cluster, 'tls-server-name'));
  return {
    server: new URL(text(fieldOf(cluster, 'server')) ?? ''),
    tls: {
      ...(ca === null ? {} : { ca }),
      ...(cert === null ? {} : { cert }),
      ...(key === null ? {} : { key }),
      ...(servername === null ? {} : { servername }),
      rejectUnauthorized: fieldOf(cluster, 'insecure-skip-tls-verify') !== true,
    },
    ...credentials(user, file),
  };
}

function credentials(user: JsonObject, file: (name: string | null) => string | null) {
  const tokenFile = file(text(fieldOf(user, 'tokenFile')));
  if (tokenFile !== null) return rememberedToken(async () => (await readFile(tokenFile, 'utf8')).trim());
  const exec = fieldOf(user, 'exec');
  if (isJsonObject(exec)) return rememberedToken(() => execToken(exec));
  const fixed = text(fieldOf(user, 'token'));
  return { token: () => Promise.resolve(fixed), forgetToken: () => undefined };
}

async function execToken(exec: JsonObject): Promise<string> {
  const args = fieldOf(exec, 'args');
  const extra = fieldOf(exec, 'env');
  const env = { ...process.env };
  for (const entry of Array.isArray(extra) ? extra : []) {
    const name = text(fieldOf(entry, 'name'));
    if (name !== null) env[name] = text(fieldOf(entry, 'value')) ?? '';
  }
  env['KUBERNETES_EXEC_INFO'] = JSON.stringify({
    apiVersion: text(fieldOf(exec, 'apiVersion')) ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false },
  });
  const { stdout } = await promisify(execFile)(
    text(fieldOf(exec, 'command')) ?? '',
    Array.isArray(args) ? args.map(String) : [],
    { env, timeout: 30_000 },
  );
  const token = text(fieldAt(JSON.parse(stdout) as Json, ['status', 'token']));
  if (token === null) throw invalid('the credential plugin of the kubeconfig gave no token');
  return token;
}

async function inlineOrFile(
  section: JsonObject,
  field: string,
  file: (name: string | null) => string | null,
): Promise<Buffer | null> {
  const inline = text(fieldOf(section, `${field}-data`));
  if (inline !== null) return Buffer.from(inline, 'base64');
  const path = file(text(fieldOf(section, field)));
  return path === null ? null : readFile(path);
}

function named(config: Json, list: string, name: string | null, kind: string): JsonObject {
  const entries = fieldOf(config, list);
  const entry = Array.isArray(entries) ? entries.find((item) => fieldOf(item, 'name') === name) : undefined;
  const content = fieldOf(entry, kind);
  if (name === null || !isJsonObject(content))
    throw invalid('the kubeconfig lacks a part that it refers to', { kind, name });
  return content;
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function invalid(message: string, details: Record<string, unknown> = {}): CodedError {
  return new CodedError({ code: 'agent.kubeconfig', kind: 'invalid' }, message, details);
}
