import { readFile } from 'node:fs/promises';
import { CodedError } from '@fairlead/shared/kernel';
import { rememberedAccess } from './endpoint.ts';
import type { KubeEndpoint } from './endpoint.ts';

const mountOfPods = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The endpoint of the cluster this process runs in as a Pod. Token and CA are read again as the kubelet rotates them. */
export function inClusterEndpoint(env: NodeJS.ProcessEnv, mount = mountOfPods): KubeEndpoint {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) {
    throw new CodedError(
      { code: 'agent.no-cluster', kind: 'invalid' },
      'not running in a cluster and no kubeconfig given',
    );
  }
  const authority = host.includes(':') ? `[${host}]` : host;
  return {
    server: new URL(`https://${authority}:${port}`),
    ...rememberedAccess(async () => ({
      token: (await readFile(`${mount}/token`, 'utf8')).trim(),
      tls: { ca: await readFile(`${mount}/ca.crt`), rejectUnauthorized: true },
    })),
  };
}
