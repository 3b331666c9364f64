import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inClusterEndpoint } from './in-cluster.ts';
import { KubeClient } from './kube-client.ts';
import { kubeconfigEndpoint } from './kubeconfig.ts';
import { KubeTransport } from './transport.ts';

const configMaps = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };

describe('the credentials for an API server', () => {
  let dir: string;
  let server: Server;
  let valid = 'first';
  let refusals = 0;
  const open: KubeTransport[] = [];

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'fairlead-kubeconfig-'));
    valid = 'first';
    refusals = 0;
    server = createServer((request, response) => {
      const isKnown = request.headers.authorization === `Bearer ${valid}`;
      if (!isKnown) refusals += 1;
      response.writeHead(isKnown ? 200 : 401).end('{"metadata":{}}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    for (const transport of open.splice(0)) transport.close();
    server.close();
    rmSync(dir, { recursive: true });
  });

  const port = () => (server.address() as AddressInfo).port;
  const writeConfig = (user: object, address = `http://127.0.0.1:${port()}`) => {
    const config = {
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'one', user: 'me' } }],
      clusters: [{ name: 'one', cluster: { server: address } }],
      users: [{ name: 'me', user }],
    };
    writeFileSync(join(dir, 'config'), JSON.stringify(config));
  };
  const connect = async () => {
    const transport = new KubeTransport(await kubeconfigEndpoint(join(dir, 'config')));
    open.push(transport);
    return new KubeClient(transport);
  };
  const read = (kube: KubeClient) => kube.get(configMaps, { namespace: 'a', name: 'x' });

  it('[case 194] come from a token file that is read again as soon as the server refuses what was in it', async () => {
    writeFileSync(join(dir, 'token'), 'first\n');
    writeConfig({ tokenFile: 'token' });
    const kube = await connect();
    await read(kube);
    valid = 'second';
    writeFileSync(join(dir, 'token'), 'second\n');
    await read(kube);
    expect(refusals).toBe(1);
  });

  it('come from a kubeconfig that is read again when it was written anew', async () => {
    writeConfig({ token: 'first' });
    const kube = await connect();
    await read(kube);
    valid = 'second';
    writeConfig({ token: 'second' }, 'http://127.0.0.1:1');
    // The address stays: behind another one there could be another cluster.
    await read(kube);
    expect(refusals).toBe(1);
  });

  it('stay in use while their file is away', async () => {
    writeFileSync(join(dir, 'token'), 'first');
    writeConfig({ tokenFile: 'token' });
    const kube = await connect();
    await read(kube);
    rmSync(join(dir, 'token'));
    await read(kube);
    valid = 'second';
    await expect(read(kube)).rejects.toMatchObject({ kind: 'unavailable', reason: 'Credentials' });
  });

  const pluginThatPrints = (status: string) => {
    // Each run leaves a line, so that they can be counted.
    const script = `#!/bin/sh\necho run >> "$RUNS"\ncat <<END\n{"kind":"ExecCredential","status":${status}}\nEND\n`;
    writeFileSync(join(dir, 'plugin'), script, { mode: 0o755 });
    writeConfig({
      exec: { command: './plugin', args: ['--now'], env: [{ name: 'RUNS', value: join(dir, 'runs') }] },
    });
  };
  const runs = () => readFileSync(join(dir, 'runs'), 'utf8').trim().split('\n').length;

  it('come from a plugin that is run once, and again only when the server refuses what it gave', async () => {
    pluginThatPrints('{"token":"first"}');
    const kube = await connect();
    expect(() => runs()).toThrow('ENOENT');
    await Promise.all([read(kube), read(kube), read(kube)]);
    await read(kube);
    expect(runs()).toBe(1);
    valid = 'second';
    pluginThatPrints('{"token":"second"}');
    await read(kube);
    expect(runs()).toBe(2);
  });

  it('are asked anew of a plugin whose credentials end', async () => {
    pluginThatPrints(`{"token":"first","expirationTimestamp":"${new Date(Date.now() + 10_000).toISOString()}"}`);
    const kube = await connect();
    await read(kube);
    await read(kube);
    expect(runs()).toBe(2);
  });

  it('are missing, for now, when a plugin gives none', async () => {
    pluginThatPrints('{}');
    await expect(read(await connect())).rejects.toMatchObject({ kind: 'unavailable', reason: 'Credentials' });
  });

  it('are wrong from the start where the file is', async () => {
    writeFileSync(join(dir, 'config'), '{"current-context":"none"}');
    await expect(connect()).rejects.toMatchObject({ code: 'agent.kubeconfig' });
  });

  it('come from the mount of a Pod, where token and certificate rotate', async () => {
    const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '6443' };
    writeFileSync(join(dir, 'token'), 'first\n');
    writeFileSync(join(dir, 'ca.crt'), 'one');
    const endpoint = inClusterEndpoint(env, dir);
    expect(endpoint.server.href).toBe('https://127.0.0.1:6443/');
    const before = await endpoint.access();
    endpoint.forget();
    // Connections are kept as long as the certificates are the same.
    expect((await endpoint.access()).tls).toBe(before.tls);
    writeFileSync(join(dir, 'token'), 'second\n');
    writeFileSync(join(dir, 'ca.crt'), 'two');
    endpoint.forget();
    const after = await endpoint.access();
    expect([before.token, after.token, String(after.tls.ca)]).toEqual(['first', 'second', 'two']);
    expect(() => inClusterEndpoint({})).toThrow('not running in a cluster');
  });
});
