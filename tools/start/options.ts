import { parseArgs } from 'node:util';

export interface StartOptions {
  /** Plain lines, as for a log, even on a terminal. */
  readonly headless: boolean;
  /** End when the first rollout is done: 0 when everything is healthy, 1 otherwise. */
  readonly exitAfterRollout: boolean;
  /** Contexts of the user's kubeconfig instead of local control planes. */
  readonly contexts: readonly string[];
  /** Image for both sample apps, where Pods really run; null: names that only local control planes accept. */
  readonly image: string | null;
  readonly port: number;
  /** Forget what earlier starts kept. */
  readonly fresh: boolean;
}

const usage = `npm start -- [options]

Brings up a hub, three local Kubernetes control planes with an agent each, and a sample Git repository, and rolls the
sample out. Everything is kept below .fairlead and used again by the next start.

  --headless             plain lines, no colours, no moving parts
  --exit-after-rollout   stop when the first rollout is done; exit code 0 only when every target is healthy
  --contexts a,b,c       use these contexts of your kubeconfig instead of local control planes
  --image IMAGE          image:tag that both sample apps run, for clusters whose Pods really start
  --port N               port of the hub; the next free one is taken when it is in use (7700)
  --fresh                forget what earlier starts kept
`;

/** Reads the options; a text to print instead when they are wrong or help was asked for. */
export function readOptions(args: readonly string[]): StartOptions | { readonly print: string; readonly code: number } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        headless: { type: 'boolean', default: false },
        'exit-after-rollout': { type: 'boolean', default: false },
        contexts: { type: 'string', default: '' },
        image: { type: 'string' },
        port: { type: 'string', default: '7700' },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { print: usage, code: 0 };
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_000)
      return { print: `--port ${values.port} is no port\n`, code: 2 };
    return {
      headless: values.headless,
      exitAfterRollout: values['exit-after-rollout'],
      contexts: values.contexts.split(',').filter((context) => context !== ''),
      image: values.image ?? null,
      port,
      fresh: values.fresh,
    };
  } catch (error) {
    return { print: `${error instanceof Error ? error.message : String(error)}\n\n${usage}`, code: 2 };
  }
}
