import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { followRollout, isAtRest } from './follow-rollout.ts';

let server: Server;
let state = 'running';
let isAway = false;
let reads = 0;
const streams = new Set<ServerResponse>();

beforeEach(async () => {
  [state, isAway, reads] = ['running', false, 0];
  server = createServer((request, response) => {
    if (request.url?.endsWith('/events') === true) {
      streams.add(response);
      return void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n');
    }
    if (isAway) return void response.writeHead(503).end();
    response.setHeader('content-type', 'application/json');
    if (request.url?.includes('/targets') === true) return void response.end('{"items":[],"next":null}');
    reads += 1;
    response.end(JSON.stringify({ id: 7, state }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  streams.clear();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function follow(onInterruption?: () => void) {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const signal = new AbortController().signal;
  return followRollout({ baseUrl, id: 7, signal, ...(onInterruption === undefined ? {} : { onInterruption }) });
}

describe('following a rollout', () => {
  it('shows it again when it moved, and ends when it is at rest', async () => {
    const states: string[] = [];
    for await (const { rollout } of follow()) {
      states.push(rollout.state);
      state = 'succeeded';
      for (const stream of streams) stream.write('id: 1\ndata: {}\n\n');
    }
    expect(states).toEqual(['running', 'succeeded']);
    expect(reads).toBe(2);
  });

  it('waits for a hub that is away', async () => {
    isAway = true;
    const interruptions: string[] = [];
    const views = follow(() => {
      interruptions.push('away');
      isAway = false;
      state = 'rolledBack';
    });
    for await (const { rollout } of views) expect(rollout.state).toBe('rolledBack');
    expect(interruptions).toEqual(['away']);
  });

  it('knows what goes no further by itself', () => {
    expect(isAtRest('halted')).toBe(true);
    expect(isAtRest('rolledBack')).toBe(true);
    expect(isAtRest('rollingBack')).toBe(false);
    expect(isAtRest('paused')).toBe(false);
  });
});
