import type { Server } from 'node:http';

/** Live agent sessions of this process. */
export class AgentGateway {
  async start(_server: Server): Promise<void> {}

  async stop(): Promise<void> {}
}
