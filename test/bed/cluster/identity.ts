import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { kwokConfiguration } from '../stages.ts';
import type { ClusterFiles } from './arguments.ts';

/** Writes the keys, the token and the configuration a cluster starts with; keeps what an earlier start left. */
export async function writeIdentity(files: ClusterFiles): Promise<{ readonly token: string }> {
  await mkdir(files.directory, { recursive: true });
  if (!existsSync(files.serviceAccountKey)) await writeServiceAccountKeys(files);
  const token = (await readToken(files)) || randomBytes(24).toString('base64url');
  await writePrivate(files.tokens, `${token},bed-admin,bed-admin,"system:masters"\n`);
  await writeFile(files.kwokConfiguration, await kwokConfiguration(files.containerLog));
  await writeFile(files.containerLog, containerLogLine());
  return { token };
}

/** Token of the administrator, or an empty string before the first start. */
export async function readToken(files: ClusterFiles): Promise<string> {
  if (!existsSync(files.tokens)) return '';
  return (await readFile(files.tokens, 'utf8')).split(',')[0] ?? '';
}

/** Writes the kubeconfig. The API server makes its certificate at its first start, so this follows it. */
export async function writeKubeconfig(
  files: ClusterFiles,
  cluster: { readonly name: string; readonly serverUrl: string; readonly token: string },
): Promise<void> {
  const authority = await readFile(certificateFile(files), 'base64');
  const content = `apiVersion: v1
kind: Config
current-context: ${cluster.name}
contexts:
  - name: ${cluster.name}
    context: { cluster: ${cluster.name}, user: ${cluster.name} }
clusters:
  - name: ${cluster.name}
    cluster:
      server: ${cluster.serverUrl}
      certificate-authority-data: ${authority}
users:
  - name: ${cluster.name}
    user: { token: ${cluster.token} }
`;
  for (const path of new Set([files.kubeconfig, files.publishedKubeconfig])) {
    await mkdir(dirname(path), { recursive: true });
    await writePrivate(path, content);
  }
}

/** Certificate of the API server together with the authority that signed it. */
export function certificateFile(files: ClusterFiles): string {
  return join(files.certificates, 'apiserver.crt');
}

async function writeServiceAccountKeys(files: ClusterFiles): Promise<void> {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(files.serviceAccountPublicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }));
  await writePrivate(files.serviceAccountKey, pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
}

async function writePrivate(path: string, content: string): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
  await chmod(path, 0o600);
}

// The format in which a container runtime writes logs; kwok reads the file as the kubelet would.
function containerLogLine(): string {
  return `${new Date().toISOString()} stdout F This container is played by the test bed and does nothing.\n`;
}
