import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './answer.ts';
import { parseEvent, readEvents } from './event-stream.ts';
import { createFairleadClient } from './fairlead-client.ts';

let server: Server;

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const problem = {
  type: 'about:blank',
  title: 'Not found',
  status: 404,
  code: 'cluster.not-found',
  detail: 'There is no such cluster',
  details: { cluster: 'eu-1' },
  traceId: null,
};

describe('the client of the hub', () => {
  it('sends the token and gives the body', async () => {
    const seen: (string | undefined)[] = [];
    const baseUrl = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.setHeader('content-type', 'application/json').end('{"items":[],"next":null}');
    });
    const client = createFairleadClient({ baseUrl, token: 'flt_x' });
    expect(await answer(client.GET('/v1/clusters'))).toEqual({ items: [], next: null });
    expect(seen).toEqual(['Bearer flt_x']);
  });

  it('throws the problem of the hub with its code, kind and details', async () => {
    const baseUrl = await serve((_request, response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    });
    const call = createFairleadClient({ baseUrl }).GET('/v1/clusters/{name}', { params: { path: { name: 'eu-1' } } });
    await expect(call).rejects.toMatchObject({
      code: 'cluster.not-found',
      kind: 'not_found',
      message: 'There is no such cluster',
      details: { cluster: 'eu-1' },
    });
  });

  it('calls a page of a proxy in front of the hub unavailable, not a bug', async () => {
    const baseUrl = await serve((_request, response) => {
      response.writeHead(502).end('<html>bad gateway</html>');
    });
    await expect(createFairleadClient({ baseUrl }).GET('/v1/whoami')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('calls a hub that is not there unreachable', async () => {
    const baseUrl = await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    await expect(createFairleadClient({ baseUrl }).GET('/v1/whoami')).rejects.toMatchObject({
      code: 'hub.unreachable',
    });
  });
});

describe('an event stream', () => {
  it('reads id, type and text, and skips keep-alives', () => {
    expect(parseEvent('id: 7\nevent: rollout\ndata: {"a":1}')).toEqual({ id: '7', type: 'rollout', text: '{"a":1}' });
    expect(parseEvent('data: a\ndata: b')).toEqual({ id: null, type: 'message', text: 'a\nb' });
    expect(parseEvent(': keep-alive')).toBeNull();
  });

  it('goes on after the last event seen when the connection breaks', async () => {
    const asked: (string | undefined)[] = [];
    const baseUrl = await serve((request, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`id: ${asked.length}\ndata: {}\n\n`, () => response.destroy());
    });
    const ids: (string | null)[] = [];
    for await (const event of readEvents({ baseUrl, path: '/v1/rollouts/1/events' })) {
      ids.push(event.id);
      if (ids.length === 2) break;
    }
    expect(ids).toEqual(['1', '2']);
    expect(asked).toEqual([undefined, '1']);
  });

  it('throws a refusal instead of trying again', async () => {
    const baseUrl = await serve((_request, response) => {
      response.writeHead(404).end(JSON.stringify(problem));
    });
    const next = readEvents({ baseUrl, path: '/v1/rollouts/1/events' }).next();
    await expect(next).rejects.toMatchObject({ code: 'cluster.not-found' });
  });
});
