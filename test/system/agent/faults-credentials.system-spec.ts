import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { eventually } from '@fairlead/shared/test-kit';
import { inClusterEndpoint } from '../../../apps/agent/src/kube/in-cluster.ts';
import { KubeClient } from '../../../apps/agent/src/kube/kube-client.ts';
import { kubeconfigEndpoint } from '../../../apps/agent/src/kube/kubeconfig.ts';
import { KubeTransport } from '../../../apps/agent/src/kube/transport.ts';
import { configMap } from '../../fixtures/kube-objects.ts';
import { ApiStub } from '../../harness/api-stub.ts';
import { useBed } from '../../harness/bed.ts';
import { LoneAgent } from '../../harness/lone-agent.ts';

const run = Date.now().toString(36);
const namespace = `kube-credentials-${run}`;

describe('credentials that change', () => {
  const clusters = useBed(1);
  const dir = mkdtempSync(join(tmpdir(), 'fairlead-credentials-'));
  const cluster = () => {
    const [first] = clusters();
    if (first === undefined) throw new Error('no cluster');
    return first;
  };

  afterAll(() => rmSync(dir, { recursive: true }));

  const token = async () => (await cluster().kubectl(['-n', namespace, 'create', 'token', 'rotating'])).stdout.trim();

  beforeAll(async () => {
    await cluster().kubectl(['create', 'namespace', namespace]);
    await cluster().kubectl(['-n', namespace, 'create', 'serviceaccount', 'rotating']);
    const binding = ['--clusterrole=cluster-admin', `--serviceaccount=${namespace}:rotating`];
    await cluster().kubectl(['create', 'clusterrolebinding', namespace, ...binding]);
  });

  afterAll(async () => {
    await cluster().kubectl(['delete', 'clusterrolebinding', namespace]);
  });

  it('[case 194] a token that ended is read again from its file, and nothing is out', async () => {
    const stub = await ApiStub.start(cluster());
    const [first, second] = [await token(), await token()];
    const tokenFile = join(dir, 'token');
    writeFileSync(tokenFile, first);
    const path = stub.kubeconfig(first);
    const config = JSON.parse(readFileSync(path, 'utf8')) as { users: { user: object }[] };
    for (const entry of config.users) entry.user = { tokenFile };
    writeFileSync(path, JSON.stringify(config));
    const agent = await LoneAgent.start(cluster(), `${namespace}-agent`, { kubeconfig: path });
    const healthy = (assignment: ReturnType<LoneAgent['hub']['assign']>) =>
      eventually(() => agent.hub.expectHealthy(assignment), { timeoutMs: 20_000 });
    try {
      const settings = { namespace };
      await healthy(agent.hub.assign('rotates', [configMap('rotates', { a: '1' })], { settings }));
      stub.on(({ headers }) => (headers.authorization === `Bearer ${second}` ? null : { kind: 'answer', status: 401 }));
      writeFileSync(tokenFile, second);
      stub.forget();
      const objects = Array.from({ length: 20 }, (_, index) => configMap(`rotates-${index}`, { a: '2' }));
      await healthy(agent.hub.assign('rotates', objects, { settings }));
      expect(agent.hub.acks('rotates').map(({ phase }) => phase)).not.toContain('failed');
      expect(agent.program.output()).not.toMatch(/a target is not further|another agent/);
    } finally {
      await agent.stop();
      await stub.close();
    }
  });

  it('in a Pod the mounted token and certificate are enough', async () => {
    const ca = await cluster().kubectl(['config', 'view', '--raw', '-o', 'json']);
    const view = JSON.parse(ca.stdout) as {
      clusters: { cluster: { 'certificate-authority'?: string; 'certificate-authority-data'?: string } }[];
    };
    const { 'certificate-authority': file, 'certificate-authority-data': data } = view.clusters[0]?.cluster ?? {};
    writeFileSync(join(dir, 'ca.crt'), data === undefined ? readFileSync(file ?? '') : Buffer.from(data, 'base64'));
    writeFileSync(join(dir, 'token'), await token());
    const { hostname, port } = new URL(cluster().serverUrl);
    const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
    const transport = new KubeTransport(inClusterEndpoint(env, dir));
    try {
      expect(await new KubeClient(transport).version()).toMatch(/^v1\./);
    } finally {
      transport.close();
    }
  });

  it('a client certificate that expired gives way to the one that the kubeconfig has by now', async () => {
    await makeCertificates(dir);
    const file = (name: string) => readFileSync(join(dir, name));
    const options = { key: file('server.key'), cert: file('server.crt'), ca: file('root.crt') };
    let refused = 0;
    const server = https.createServer(
      { ...options, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const { authorized } = request.socket as TLSSocket;
        if (!authorized) refused += 1;
        response.writeHead(authorized ? 200 : 401).end('{"gitVersion":"v1.0.0"}');
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const writeConfig = (certificate: string) =>
      writeFileSync(
        join(dir, 'kubeconfig'),
        JSON.stringify({
          'current-context': 'here',
          contexts: [{ name: 'here', context: { cluster: 'one', user: 'me' } }],
          clusters: [
            {
              name: 'one',
              cluster: {
                server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
                'certificate-authority': 'root.crt',
              },
            },
          ],
          users: [{ name: 'me', user: { 'client-certificate': certificate, 'client-key': 'client.key' } }],
        }),
      );
    writeConfig('expired.crt');
    const transport = new KubeTransport(await kubeconfigEndpoint(join(dir, 'kubeconfig')));
    try {
      const kube = new KubeClient(transport);
      await expect(kube.version()).rejects.toMatchObject({ failure: 'unauthorized' });
      writeConfig('valid.crt');
      refused = 0;
      expect(await kube.version()).toBe('v1.0.0');
      expect(refused).toBeLessThanOrEqual(1);
    } finally {
      transport.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

/** An authority, a server certificate for the loopback address, and two for a client: one valid, one of the day before. */
async function makeCertificates(dir: string): Promise<void> {
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: dir });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl('req', '-x509', ...key, '-keyout', 'root.key', '-out', 'root.crt', '-subj', '/CN=root', '-days', '2');
  writeFileSync(join(dir, 'loopback'), 'subjectAltName=IP:127.0.0.1');
  for (const name of ['server', 'client']) {
    await openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
  }
  const sign = (request: string, out: string, days: string, ...more: string[]) =>
    openssl(
      ...['x509', '-req', '-in', `${request}.csr`, '-CA', 'root.crt', '-CAkey', 'root.key', '-CAcreateserial'],
      ...['-days', days, '-out', out, ...more],
    );
  await sign('server', 'server.crt', '2', '-extfile', 'loopback');
  await sign('client', 'valid.crt', '2');
  await sign('client', 'expired.crt', '-1');
}
