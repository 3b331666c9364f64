import { join } from 'node:path';

/** Where everything of a local fleet is kept, so that people can look at it and the next start finds it. */
export const root = join(import.meta.dirname, '..', '..');
export const home = join(root, '.fairlead');

export const paths = {
  hub: join(home, 'hub'),
  clusters: join(home, 'clusters'),
  agents: join(home, 'agents'),
  logs: join(home, 'logs'),
  bin: join(home, 'bin'),
  demoBare: join(home, 'demo.git'),
  demoWork: join(home, 'demo'),
  /** URL and token for the command line, readable by this user only. */
  cli: join(home, 'cli.json'),
  /** Secret of the sample's webhook and where to send it. */
  webhook: join(home, 'demo-webhook.json'),
  run: join(home, 'run.json'),
  control: join(home, 'control.sock'),
  hubProgram: join(root, 'dist', 'hub', 'main.mjs'),
  agentProgram: join(root, 'dist', 'agent', 'main.mjs'),
  sample: join(import.meta.dirname, 'sample'),
} as const;
