import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@fairlead/shared/test-kit';
import { KubeClient } from './kube-client.ts';
import { KubeError } from './kube-error.ts';
import { KubeTransport } from './transport.ts';

const configMaps = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true };
const clusterRoles = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'clusterroles',
  kind: 'ClusterRole',
  namespaced: false,
};

describe('the client of the API server', () => {
  const open: { server: Server; transport: KubeTransport }[] = [];
  const serve = async (listener: RequestListener, token: () => string = () => 'token', timeoutMs = 30_000) => {
    const tls = { rejectUnauthorized: true };
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    let forgotten = 0;
    const transport = new KubeTransport(
      {
        server: new URL(`http://127.0.0.1:${port}`),
        access: () => Promise.resolve({ token: token(), tls }),
        forget: () => {
          forgotten += 1;
        },
      },
      { timeoutMs },
    );
    open.push({ server, transport });
    return { kube: new KubeClient(transport), forgotten: () => forgotten };
  };

  afterEach(() => {
    for (const { server, transport } of open.splice(0)) {
      transport.close();
      server.closeAllConnections();
      server.close();
    }
  });

  it('applies with one manager, by force, strictly, and keeps names as they are', async () => {
    const seen: string[] = [];
    const { kube } = await serve((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers['content-type']} ${request.headers.accept}`);
      response.end('{"metadata":{"name":"x"}}');
    });
    await kube.apply(clusterRoles, { namespace: '', name: 'MyTeam:Reader' }, { a: 1 }, { dryRun: true });
    expect(seen).toEqual([
      'PATCH /apis/rbac.authorization.k8s.io/v1/clusterroles/MyTeam%3AReader?fieldManager=fairlead&force=true&fieldValidation=Strict&dryRun=All application/apply-patch+yaml application/json',
    ]);
  });

  it('makes all requests wait when one is throttled', async () => {
    let throttledAt = 0;
    const later: number[] = [];
    const { kube } = await serve((_request, response) => {
      if (throttledAt === 0) {
        throttledAt = performance.now();
        response.writeHead(429, { 'retry-after': '0.3' }).end('{}');
        return;
      }
      later.push(performance.now() - throttledAt);
      response.end('{"metadata":{}}');
    });
    const first = kube.get(configMaps, { namespace: 'a', name: '1' });
    await eventually(() => expect(throttledAt > 0 && performance.now() - throttledAt > 20).toBe(true));
    await Promise.all([first, kube.get(configMaps, { namespace: 'a', name: '2' })]);
    expect(later.length).toBe(2);
    expect(later[0]).toBeGreaterThan(250);
  });

  it('reads its token again when the old one is refused, once', async () => {
    let asked = 0;
    const { kube, forgotten } = await serve(
      (request, response) => {
        asked += 1;
        response.writeHead(request.headers.authorization === 'Bearer token-2' ? 200 : 401).end('{"metadata":{}}');
      },
      () => `token-${asked + 1}`,
    );
    await kube.get(configMaps, { namespace: 'a', name: 'x' });
    expect([asked, forgotten()]).toEqual([2, 1]);
  });

  it('repeats a request whose connection broke, but never a creation', async () => {
    let asked = 0;
    const { kube } = await serve((request, response) => {
      asked += 1;
      if (asked === 1 || request.method === 'POST') request.socket.resetAndDestroy();
      else response.end('{"metadata":{}}');
    });
    await kube.get(configMaps, { namespace: 'a', name: 'x' });
    expect(asked).toBe(2);
    await expect(kube.create(configMaps, 'a', {})).rejects.toThrow(KubeError);
    expect(asked).toBe(3);
  });

  it('gives null for what is not there and forgets kinds that are not served', async () => {
    let served = false;
    const { kube } = await serve((request, response) => {
      if (request.url === '/apis/example.dev/v1' && served)
        response.end(
          '{"resources":[{"name":"gates","kind":"Gate","namespaced":true},{"name":"gates/status","kind":"Gate"}]}',
        );
      else response.writeHead(404).end('404 page not found');
    });
    expect(await kube.get(configMaps, { namespace: 'a', name: 'x' })).toBeNull();
    expect((await kube.discover('example.dev/v1')).size).toBe(0);
    served = true;
    expect((await kube.discover('example.dev/v1')).get('Gate')?.plural).toBe('gates');
  });

  it('follows a watch line by line, and tells a forgotten version from a closed stream', async () => {
    const meta = (name: string, version: string) => ({ metadata: { name, resourceVersion: version } });
    let ending = 'closed';
    const { kube } = await serve((_request, response) => {
      const event = JSON.stringify({ type: 'ADDED', object: meta('größe', '5') });
      const bytes = Buffer.from(`${event}\n${JSON.stringify({ type: 'BOOKMARK', object: meta('', '9') })}\n`);
      response.write(bytes.subarray(0, 43));
      setImmediate(() => {
        response.write(bytes.subarray(43));
        response.end(ending === 'closed' ? '' : '{"type":"ERROR","object":{"code":410}}\n');
      });
    });
    const follow = async () => {
      const seen: string[] = [];
      const { signal } = new AbortController();
      const query = { selector: 'fairlead.dev/app', from: '1', silenceMs: 60_000, timeoutSeconds: 300, signal };
      const end = await kube.watchMeta(configMaps, query, (type, { name, resourceVersion }) =>
        seen.push(`${type} ${name} ${resourceVersion}`),
      );
      return { seen, end };
    };
    expect(await follow()).toEqual({ seen: ['ADDED größe 5', 'BOOKMARK  9'], end: 'closed' });
    ending = 'expired';
    expect((await follow()).end).toBe('expired');
  });

  it('[case 181] repeats a request whose answer broke off in the middle, and tells when it happens again', async () => {
    let asked = 0;
    const { kube } = await serve((request, response) => {
      asked += 1;
      response.writeHead(200, { 'content-length': 500 }).write('{"metadata":');
      if (request.url?.endsWith('/good') === true && asked > 1) response.end('{"name":"good"}}'.padEnd(488));
      else setImmediate(() => request.socket.resetAndDestroy());
    });
    expect(await kube.get(configMaps, { namespace: 'a', name: 'good' })).toEqual({ metadata: { name: 'good' } });
    await expect(kube.get(configMaps, { namespace: 'a', name: 'bad' })).rejects.toMatchObject({
      failure: 'retry',
      concernsServer: true,
    });
  });

  it('takes an answer that a proxy cut short for a failure of that request only', async () => {
    const { kube } = await serve((_request, response) => response.end('{"metadata":{"na'));
    await expect(kube.get(configMaps, { namespace: 'a', name: 'x' })).rejects.toMatchObject({
      failure: 'retry',
      concernsServer: false,
      message: 'the API server answered something that is no JSON',
    });
  });

  it('gives up a connection that is open and silent', async () => {
    const { kube } = await serve(() => undefined, undefined, 500);
    await expect(kube.get(configMaps, { namespace: 'a', name: 'x' })).rejects.toMatchObject({
      failure: 'retry',
      concernsServer: true,
    });
  });

  it('lets an API group that hangs hold up nothing but itself, and asks it no more for a while', async () => {
    const gates = { group: 'example.dev', version: 'v1', plural: 'gates', kind: 'Gate', namespaced: true };
    let hanging = 0;
    const { kube } = await serve(
      (request, response) => {
        if (request.url?.startsWith('/apis/example.dev') === true) hanging += 1;
        else response.end('{"metadata":{}}');
      },
      undefined,
      1_000,
    );
    const stuck = Array.from({ length: 40 }, (_, index) =>
      kube.get(gates, { namespace: 'a', name: `g-${index}` }).then(
        () => 'answered',
        (error: unknown) => (error instanceof KubeError ? `${error.failure} ${String(error.concernsServer)}` : 'other'),
      ),
    );
    await eventually(() => expect(hanging).toBeGreaterThan(0));
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => kube.get(configMaps, { namespace: 'a', name: `c-${index}` })),
    );
    expect(new Set(await Promise.all(stuck))).toEqual(new Set(['silent false']));
    // As many as the group may have connections, and not one for each object.
    expect(hanging).toBeLessThanOrEqual(4);
  });

  it('makes only the group wait whose server is busy', async () => {
    const gates = { group: 'example.dev', version: 'v1', plural: 'gates', kind: 'Gate', namespaced: true };
    const order: string[] = [];
    const { kube } = await serve((request, response) => {
      const isGroup = request.url?.startsWith('/apis/example.dev') === true;
      order.push(isGroup ? 'group' : 'built-in');
      if (order.length === 1) response.writeHead(503, { 'retry-after': '0.3' }).end('{}');
      else response.end('{"metadata":{}}');
    });
    const busy = kube.get(gates, { namespace: 'a', name: 'g' });
    await eventually(() => expect(order.length).toBe(1));
    await kube.get(configMaps, { namespace: 'a', name: 'c' });
    await busy;
    expect(order).toEqual(['group', 'built-in', 'group']);
  });

  it('acts as somebody else where asked to, over the same connections and kinds', async () => {
    const users: string[] = [];
    const { kube } = await serve((request, response) => {
      users.push(`${request.url} ${String(request.headers['impersonate-user'])}`);
      response.end('{"metadata":{},"resources":[{"name":"gates","kind":"Gate","namespaced":true}]}');
    });
    const other = kube.acting({ user: 'system:serviceaccount:shop:deployer', guard: () => undefined });
    await other.get(configMaps, { namespace: 'a', name: 'x' });
    await other.discover('example.dev/v1');
    await kube.discover('example.dev/v1');
    expect(users).toEqual([
      '/api/v1/namespaces/a/configmaps/x system:serviceaccount:shop:deployer',
      '/apis/example.dev/v1 undefined',
    ]);
  });

  it('[case 196] finds the version that is served where the one it remembers is gone', async () => {
    const { kube } = await serve((request, response) => {
      if (request.url === '/apis/example.dev')
        response.end(
          '{"versions":[{"groupVersion":"example.dev/v2alpha1"},{"groupVersion":"example.dev/v2"}],"preferredVersion":{"groupVersion":"example.dev/v2"}}',
        );
      else if (request.url === '/apis/example.dev/v2')
        response.end('{"resources":[{"name":"gates","kind":"Gate","namespaced":true}]}');
      else if (request.url === '/apis/broken.dev/v1') response.writeHead(503).end('{}');
      else response.writeHead(404).end('404 page not found');
    });
    expect(await kube.resolve('example.dev/v1', 'Gate')).toMatchObject({ version: 'v2', plural: 'gates' });
    expect(await kube.resolve('gone.dev/v1', 'Gate')).toBeNull();
    await expect(kube.resolve('broken.dev/v1', 'Gate')).rejects.toThrow(KubeError);
  });

  it('does not send a body that the server cannot take', async () => {
    let asked = 0;
    const { kube } = await serve((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    const large = { data: { text: 'x'.repeat(3 * 1024 * 1024) } };
    await expect(kube.apply(configMaps, { namespace: 'a', name: 'x' }, large)).rejects.toMatchObject({
      failure: 'too-large',
    });
    expect(asked).toBe(0);
  });

  it('sends nothing about an object that may not be touched', async () => {
    let asked = 0;
    const { kube } = await serve((_request, response) => {
      asked += 1;
      response.end('{}');
    });
    const guarded = kube.acting({
      user: null,
      guard: (_resource, { namespace }) => {
        if (namespace === 'out') throw new Error('out of bounds');
      },
    });
    const out = { namespace: 'out', name: 'x' };
    await expect(guarded.get(configMaps, out)).rejects.toThrow('out of bounds');
    await expect(guarded.apply(configMaps, out, {})).rejects.toThrow('out of bounds');
    await expect(guarded.replace(configMaps, out, {})).rejects.toThrow('out of bounds');
    await expect(guarded.delete(configMaps, out, { uid: 'u', propagation: 'background' })).rejects.toThrow(
      'out of bounds',
    );
    expect(asked).toBe(0);
    await guarded.get(configMaps, { namespace: 'in', name: 'x' });
    expect(asked).toBe(1);
  });
});
