import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@fairlead/shared/test-kit';
import { KubeClient } from '../../kube/kube-client.ts';
import { KubeTransport } from '../../kube/transport.ts';
import { createLogger } from '../../logger.ts';
import { KindWatches } from './kind-watches.ts';
import type { ObjectName } from './watch-listener.ts';

const things = { group: 'example.dev', version: 'v1', plural: 'things', kind: 'Thing', namespaced: true };
const others = { ...things, plural: 'others', kind: 'Other' };

describe('the watch of a kind', () => {
  const open: { server: Server; transport: KubeTransport; watches: KindWatches }[] = [];

  /** A scripted API server and watches that listen to it. */
  async function start(
    answer: (ask: Ask, response: ServerResponse) => void,
    options: { silenceMs?: number; pollIntervalMs?: number; known?: ObjectName[] } = {},
  ) {
    const asks: Ask[] = [];
    const heard: string[] = [];
    const server = createServer((request, response) => {
      const ask = askOf(request);
      asks.push(ask);
      answer(ask, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const transport = new KubeTransport({
      server: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      access: () => Promise.resolve({ token: 'token', tls: { rejectUnauthorized: true } }),
      forget: () => undefined,
    });
    const watches = new KindWatches({
      kube: new KubeClient(transport),
      log: createLogger('error'),
      options: { silenceMs: options.silenceMs ?? 60_000, pollIntervalMs: options.pollIntervalMs ?? 100 },
      listener: {
        changed: (_resource, meta) => heard.push(`changed ${meta.name}`),
        deleted: (_resource, { name }) => heard.push(`deleted ${name}`),
        listed: (_resource, present) => heard.push(`listed ${[...present].join(' ')}`),
        missed: () => heard.push('missed'),
        returned: () => heard.push('returned'),
        accessChanged: (resource) => heard.push(watches.isForbidden(resource) ? 'forbidden' : 'allowed'),
        known: () => options.known ?? [],
      },
    });
    open.push({ server, transport, watches });
    return { watches, asks, heard };
  }

  afterEach(() => {
    for (const { server, transport, watches } of open.splice(0)) {
      watches.stop();
      transport.close();
      server.closeAllConnections();
      server.close();
    }
  });

  it('begins with what is there, sent as events, and goes on in the same stream', async () => {
    const { watches, heard, asks } = await start((_ask, response) => {
      response.write(event('ADDED', 'a', 3) + event('ADDED', 'b', 5) + synced(9) + event('MODIFIED', 'a', 10));
    });
    await watches.ensure(things);
    await eventually(() => {
      expect(heard).toEqual(['changed a', 'changed b', 'listed ns/a ns/b', 'changed a']);
    });
    expect(asks).toHaveLength(1);
    expect(asks[0]?.query).toMatchObject({
      watch: 'true',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
      labelSelector: 'fairlead.dev/app',
    });
    expect(asks[0]?.query).not.toHaveProperty('resourceVersion');
  });

  it('lists and then watches where the server does not send what is there', async () => {
    const { watches, heard, asks } = await start((ask, response) => {
      if (ask.query['sendInitialEvents'] !== undefined) refuse(response, 422, 'Invalid');
      else if (ask.query['watch'] === undefined) response.end(list(['a'], 7));
      else response.write(event('DELETED', 'a', 8));
    });
    await watches.ensure(things);
    await eventually(() => {
      expect(heard).toEqual(['changed a', 'listed ns/a', 'deleted a']);
    });
    expect(asks.at(-1)?.query).toMatchObject({ watch: 'true', resourceVersion: '7' });
  });

  it('lists where the server takes the wish for what is there and never ends it', async () => {
    const { watches, heard } = await start(
      (ask, response) => {
        if (ask.query['sendInitialEvents'] !== undefined) response.write(event('ADDED', 'a', 3));
        else if (ask.query['watch'] === undefined) response.end(list(['a'], 7));
        else response.flushHeaders();
      },
      { silenceMs: 1_000 },
    );
    await watches.ensure(things);
    expect(heard).toContain('listed ns/a');
  });

  it.each([
    ['410 as the status', (response: ServerResponse) => refuse(response, 410, 'Expired')],
    [
      'an ERROR event with code 410',
      (response: ServerResponse) => response.end('{"type":"ERROR","object":{"kind":"Status","code":410}}\n'),
    ],
  ])('[case 183] begins anew after %s, and tells that changes were missed', async (_name, expire) => {
    let streams = 0;
    const { watches, heard, asks } = await start((_ask, response) => {
      streams += 1;
      if (streams === 1) response.end(event('ADDED', 'a', 3) + synced(3));
      else if (streams === 2) expire(response);
      else response.write(event('ADDED', 'b', 9) + synced(9));
    });
    await watches.ensure(things);
    await eventually(() => {
      expect(heard).toEqual(['changed a', 'listed ns/a', 'changed b', 'listed ns/b', 'missed']);
    });
    expect(asks.map(({ query }) => query['resourceVersion'] ?? 'now')).toEqual(['now', '3', 'now']);
  });

  it('[case 183] begins the list anew when its continue token has expired', async () => {
    let expired = false;
    const { watches, heard } = await start((ask, response) => {
      if (ask.query['sendInitialEvents'] !== undefined) refuse(response, 400, 'BadRequest');
      else if (ask.query['watch'] !== undefined) response.flushHeaders();
      else if (ask.query['continue'] !== undefined && !expired) {
        expired = true;
        refuse(response, 410, 'Expired');
      } else if (ask.query['continue'] !== undefined) response.end(list(['b'], 7));
      else response.end(list(['a'], 7, 'next'));
    });
    await watches.ensure(things);
    expect(expired).toBe(true);
    expect(heard).toEqual(['changed a', 'changed a', 'changed b', 'listed ns/a ns/b', 'missed']);
  });

  it('[case 184] takes a stream that says nothing for dead and goes on from where it was', async () => {
    const { watches, asks } = await start(
      (_ask, response) => {
        response.write(event('ADDED', 'a', 3) + synced(5));
      },
      { silenceMs: 1_000 },
    );
    await watches.ensure(things);
    await eventually(
      () => {
        expect(asks[1]?.query['resourceVersion']).toBe('5');
      },
      { timeoutMs: 4_000 },
    );
  });

  it('goes on after a line that is no event, and lists anew when it meets the same one again and again', async () => {
    const { watches, asks } = await start((ask, response) => {
      if (ask.query['sendInitialEvents'] !== undefined) response.end(synced(5));
      else response.end('{"type":"MODIFIED","object":{"metada\n');
    });
    await watches.ensure(things);
    await eventually(() => {
      expect(asks.map(({ query }) => query['resourceVersion'] ?? 'now').slice(0, 5)).toEqual([
        'now',
        '5',
        '5',
        '5',
        'now',
      ]);
    });
  });

  it('[case 185] waits longer and longer while its streams end at once', async () => {
    const { watches, asks } = await start((_ask, response) => response.end(synced(5)));
    await watches.ensure(things);
    await eventually(() => {
      expect(asks.length).toBeGreaterThan(4);
    });
    const firstAt = performance.now();
    const first = asks.length;
    // A storm would have brought hundreds in this time.
    await eventually(() => {
      expect(performance.now() - firstAt).toBeGreaterThan(1_500);
    });
    expect(asks.length - first).toBeLessThan(15);
  });

  it('[case 186] forgets all objects of a kind that is gone, and finds them when it is back', async () => {
    let served = true;
    const { watches, heard } = await start((ask, response) => {
      if (!served) refuse(response, 404, 'NotFound');
      else if (ask.path.endsWith('/v1'))
        response.end(JSON.stringify({ resources: [{ name: 'things', kind: 'Thing' }] }));
      else if (ask.query['resourceVersion'] !== undefined) {
        served = false;
        response.end();
      } else response.end(event('ADDED', 'a', 3) + synced(3));
    });
    await watches.ensure(things);
    await eventually(() => {
      expect(heard).toEqual(['changed a', 'listed ns/a', 'listed ']);
    });
    served = true;
    await eventually(
      () => {
        expect(heard.slice(3)).toContain('listed ns/a');
        expect(heard.slice(3)).toContain('returned');
      },
      { timeoutMs: 5_000 },
    );
  });

  it('[case 177] polls the objects one by one while it may not watch', async () => {
    let isAllowed = false;
    const { watches, heard } = await start(
      (ask, response) => {
        if (ask.path.endsWith('/things/a')) response.end(JSON.stringify(thing('a', 3)));
        else if (ask.path.endsWith('/things/b')) refuse(response, 404, 'NotFound');
        else if (isAllowed) response.write(synced(9));
        else refuse(response, 403, 'Forbidden');
      },
      {
        known: [
          { namespace: 'ns', name: 'a' },
          { namespace: 'ns', name: 'b' },
        ],
      },
    );
    await watches.ensure(things);
    expect(watches.isForbidden(things)).toBe(true);
    await eventually(() => {
      expect(heard.slice(0, 3)).toEqual(['forbidden', 'changed a', 'deleted b']);
    });
    isAllowed = true;
    await eventually(() => {
      expect(heard.slice(-2)).toEqual(['allowed', 'listed ']);
    });
  });

  it('of one kind is not held up by another that hangs', async () => {
    const { watches, heard } = await start((ask, response) => {
      if (ask.path.endsWith('/others')) response.write(event('ADDED', 'b', 3) + synced(3));
    });
    void watches.ensure(things);
    await watches.ensure(others);
    expect(heard).toEqual(['changed b', 'listed ns/b']);
  });
});

interface Ask {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

function askOf(request: IncomingMessage): Ask {
  const url = new URL(request.url ?? '/', 'http://host');
  return { path: url.pathname, query: Object.fromEntries(url.searchParams) };
}

function thing(name: string, version: number) {
  return { metadata: { name, namespace: 'ns', resourceVersion: String(version), uid: name } };
}

function event(type: string, name: string, version: number): string {
  return `${JSON.stringify({ type, object: thing(name, version) })}\n`;
}

function synced(version: number): string {
  const metadata = { resourceVersion: String(version), annotations: { 'k8s.io/initial-events-end': 'true' } };
  return `${JSON.stringify({ type: 'BOOKMARK', object: { metadata } })}\n`;
}

function list(names: readonly string[], version: number, next?: string): string {
  const metadata = { resourceVersion: String(version), ...(next === undefined ? {} : { continue: next }) };
  return JSON.stringify({ metadata, items: names.map((name) => thing(name, version)) });
}

function refuse(response: ServerResponse, code: number, reason: string): void {
  response.writeHead(code).end(JSON.stringify({ kind: 'Status', code, reason, message: reason }));
}
