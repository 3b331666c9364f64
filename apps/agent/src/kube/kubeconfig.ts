import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CodedError } from '@fairlead/shared/kernel';
import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import { rememberedAccess } from './endpoint.ts';
import type { KubeEndpoint, KubeTls, ReadAccess } from './endpoint.ts';

/**
 * Reads a kubeconfig: token, token file, client certificate or exec plugin; CA inline or as a file. Everything but the
 * address of the server is read again each minute and whenever the server refuses us, so that it may rotate.
 */
export async function kubeconfigEndpoint(path: string, contextName?: string): Promise<KubeEndpoint> {
  // Read once now: a file that is wrong from the start is a mistake, and not something to wait for.
  const { cluster } = await readConfig(path, contextName);
  const server = URL.parse(text(fieldOf(cluster, 'server')) ?? '');
  if (server === null) throw invalid('the cluster of the kubeconfig has no valid server address');
  return {
    server,
    ...rememberedAccess(async () => readAccess(await readConfig(path, contextName), path)),
  };
}

interface Sections {
  readonly cluster: JsonObject;
  readonly user: JsonObject;
}

async function readConfig(path: string, contextName: string | undefined): Promise<Sections> {
  // Loaded only here: an agent inside a cluster never parses YAML.
  const { load } = await import('js-yaml');
  const config = load(await readFile(path, 'utf8')) as Json;
  const context = named(config, 'contexts', contextName ?? text(fieldOf(config, 'current-context')), 'context');
  return {
    cluster: named(config, 'clusters', text(fieldOf(context, 'cluster')), 'cluster'),
    user: named(config, 'users', text(fieldOf(context, 'user')), 'user'),
  };
}

async function readAccess({ cluster, user }: Sections, path: string): Promise<ReadAccess> {
  const file = (name: string | null) => (name === null ? null : resolve(dirname(path), name));
  const ca = await inlineOrFile(cluster, 'certificate-authority', file);
  const servername = text(fieldOf(cluster, 'tls-server-name'));
  const tls: KubeTls = {
    ...(ca === null ? {} : { ca }),
    ...(servername === null ? {} : { servername }),
    rejectUnauthorized: fieldOf(cluster, 'insecure-skip-tls-verify') !== true,
  };
  const exec = fieldOf(user, 'exec');
  if (isJsonObject(exec)) {
    const { runCredentialPlugin } = await import('./credential-plugin.ts');
    const { token, certificate, keepUntil } = await runCredentialPlugin(exec, dirname(path));
    return { token, tls: { ...tls, ...certificate }, keepUntil };
  }
  const cert = await inlineOrFile(user, 'client-certificate', file);
  const key = await inlineOrFile(user, 'client-key', file);
  const tokenFile = file(text(fieldOf(user, 'tokenFile')));
  return {
    token: tokenFile === null ? text(fieldOf(user, 'token')) : (await readFile(tokenFile, 'utf8')).trim(),
    tls: { ...tls, ...(cert === null ? {} : { cert }), ...(key === null ? {} : { key }) },
  };
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
