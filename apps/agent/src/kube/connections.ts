import type { Agent } from 'node:http';
import { http, https } from '../node-http.ts';
import type { KubeTls } from './endpoint.ts';

const idleMs = 30_000;

/** Kept connections to one API server. Groups that may hang have a few of their own each, so that they fill no others. */
export class Connections {
  readonly #isTls: boolean;
  readonly #most: { readonly shared: number; readonly perGroup: number };
  #tls: KubeTls | null = null;
  #shared: Agent | null = null;
  #streams: Agent | null = null;
  readonly #groups = new Map<string, Agent>();

  constructor(server: URL, most: { shared: number; perGroup: number }) {
    this.#isTls = server.protocol === 'https:';
    this.#most = most;
  }

  for(tls: KubeTls, group: string | null): Agent {
    this.#adopt(tls);
    if (group === null) return (this.#shared ??= this.#kept(this.#most.shared));
    let agent = this.#groups.get(group);
    if (agent === undefined) this.#groups.set(group, (agent = this.#kept(this.#most.perGroup)));
    return agent;
  }

  /** For answers that go on for minutes: each has a connection of its own. */
  forStreams(tls: KubeTls): Agent {
    this.#adopt(tls);
    return (this.#streams ??= this.#make({ keepAlive: false }));
  }

  close(): void {
    for (const agent of [this.#shared, this.#streams, ...this.#groups.values()]) agent?.destroy();
  }

  /** With other certificates new connections are made; requests under way end on theirs, which then fall idle. */
  #adopt(tls: KubeTls): void {
    if (this.#tls === tls) return;
    this.#tls = tls;
    this.#shared = null;
    this.#streams = null;
    this.#groups.clear();
  }

  #kept(maxSockets: number): Agent {
    // The newest free connection goes first, so that those a burst needed fall silent and are closed.
    const agent = this.#make({ keepAlive: true, maxSockets, scheduling: 'lifo', timeout: idleMs });
    // All its connections go to one place with one identity; naming that place anew for every request is not free.
    agent.getName = () => 'api';
    return agent;
  }

  #make(options: ConstructorParameters<typeof http.Agent>[0]): Agent {
    return this.#isTls ? new https.Agent({ ...options, ...this.#tls }) : new http.Agent(options);
  }
}
