import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { CodedError } from '@fairlead/shared/kernel';
import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';

export interface PluginCredentials {
  readonly token: string | null;
  readonly certificate: { readonly cert?: string; readonly key?: string };
  /** Wall-clock ms shortly before it expires; for ever when the plugin names no end (a refusal asks it again). */
  readonly keepUntil: number;
}

const timeoutMs = 30_000;
const aheadMs = 30_000;

/** Runs the `exec` plugin of a kubeconfig. A relative command is looked up beside the file, as kubectl does. */
export async function runCredentialPlugin(exec: JsonObject, directory: string): Promise<PluginCredentials> {
  const command = text(fieldOf(exec, 'command')) ?? '';
  const args = fieldOf(exec, 'args');
  const { stdout } = await promisify(execFile)(
    command.includes('/') ? resolve(directory, command) : command,
    Array.isArray(args) ? args.map(String) : [],
    { env: environment(exec), timeout: timeoutMs },
  );
  const status = fieldAt(JSON.parse(stdout) as Json, ['status']);
  const token = text(fieldOf(status, 'token'));
  const cert = text(fieldOf(status, 'clientCertificateData'));
  const key = text(fieldOf(status, 'clientKeyData'));
  if (token === null && (cert === null || key === null)) {
    throw new CodedError(
      { code: 'agent.kubeconfig', kind: 'invalid' },
      'the credential plugin of the kubeconfig gave neither a token nor a certificate',
    );
  }
  const expires = Date.parse(text(fieldOf(status, 'expirationTimestamp')) ?? '');
  return {
    token,
    certificate: cert === null || key === null ? {} : { cert, key },
    keepUntil: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires - aheadMs,
  };
}

function environment(exec: JsonObject): NodeJS.ProcessEnv {
  const env = { ...process.env };
  const extra = fieldOf(exec, 'env');
  for (const entry of Array.isArray(extra) ? extra : []) {
    const name = text(fieldOf(entry, 'name'));
    if (name !== null) env[name] = text(fieldOf(entry, 'value')) ?? '';
  }
  env['KUBERNETES_EXEC_INFO'] = JSON.stringify({
    apiVersion: text(fieldOf(exec, 'apiVersion')) ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false },
  });
  return env;
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
