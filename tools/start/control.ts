import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { LocalAgent } from './agents.ts';
import { paths } from './paths.ts';
import type { Screen } from './screen.ts';

/** Lets `npm run demo` reach into this start: `POST /cut?cluster=rest-1&seconds=60` cuts an agent's way to the hub. */
export async function openControl(agents: readonly LocalAgent[], screen: Screen): Promise<Server> {
  rmSync(paths.control, { force: true });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://start');
    const agent = agents.find(({ name }) => name === url.searchParams.get('cluster'));
    const seconds = Number(url.searchParams.get('seconds') ?? '60');
    if (request.method !== 'POST' || url.pathname !== '/cut') return void response.writeHead(404).end();
    if (agent === undefined || !(seconds > 0 && seconds <= 3600)) {
      return void response.writeHead(400).end(`clusters: ${agents.map(({ name }) => name).join(', ')}`);
    }
    agent.link.cut();
    screen.line(`${agent.name} is cut off for ${seconds} s`);
    setTimeout(() => {
      agent.link.heal();
      screen.line(`${agent.name} may connect again`);
    }, seconds * 1000).unref();
    response.end('cut');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(paths.control, resolve);
  });
  return server;
}
