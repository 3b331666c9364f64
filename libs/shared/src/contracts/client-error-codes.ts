import type { ErrorCode } from './error-code.ts';

/** What agent and command line say by themselves. */
export const clientErrorCodes = {
  // ---- what clients of the hub meet
  'hub.unreachable': {
    kind: 'unavailable',
    meaning: 'The hub does not answer at its address.',
    remedy: 'Check the address and that the hub runs; an agent keeps trying by itself.',
  },
  'hub.unavailable': {
    kind: 'unavailable',
    meaning: 'The hub answers, but cannot serve now.',
    remedy: 'Wait; an agent keeps trying by itself.',
  },
  'hub.unexpected-answer': {
    kind: 'bug',
    meaning: 'What answered does not speak as the hub does.',
    remedy: 'Check the address: a proxy or another service may be there.',
  },
  'hub.contract': {
    kind: 'unavailable',
    meaning: 'The hub answered outside the contract of the agent protocol.',
    remedy: 'Check that agent and hub are at most one version apart.',
  },
  'hub.refused': {
    kind: 'denied',
    meaning: 'The hub does not accept this agent: its token, key or cluster is wrong or revoked.',
    remedy: 'Look for the refusal in the ledger; join again with a new token if that was not intended.',
  },
  'hub.conflict': {
    kind: 'conflict',
    meaning: 'The hub knows this cluster name with another fingerprint.',
    remedy: 'Give the cluster another name, or remove the earlier cluster.',
  },
  'hub.unknown': {
    kind: 'not_found',
    meaning: 'The hub does not have what the agent asked for, or the agent may not have it.',
    remedy: 'Nothing: the agent asks again when its assignment changes.',
  },
  'hub.invalid': {
    kind: 'invalid',
    meaning: 'The hub did not understand the agent.',
    remedy: 'Check that agent and hub are at most one version apart.',
  },
  // ---- command line
  'cli.bad-option': {
    kind: 'invalid',
    meaning: 'An option or argument of the command is wrong.',
    remedy: 'See `fairlead <command> --help`.',
  },
  'cli.bad-config': {
    kind: 'invalid',
    meaning: 'The stored sign-in cannot be read.',
    remedy: 'Run `fairlead login` again, or delete the file that the details name.',
  },
  'cli.no-app': {
    kind: 'invalid',
    meaning: 'The directory has no `fairlead.yaml`.',
    remedy: 'Name the directory of an app.',
  },
  'cli.not-rendered': {
    kind: 'invalid',
    meaning: 'The app of the directory does not render for this cluster.',
    remedy: 'Correct what the details name; give `--labels` that the app asks for.',
  },
  // ---- agent
  'agent.config': {
    kind: 'invalid',
    meaning: 'Settings of the agent are missing or wrong.',
    remedy: 'Correct every setting that the message names.',
  },
  'agent.kubeconfig': {
    kind: 'invalid',
    meaning: 'The kubeconfig cannot be used.',
    remedy: 'Check the file and the context that the details name.',
  },
  'agent.no-cluster': {
    kind: 'invalid',
    meaning: 'The agent runs outside a cluster and has no kubeconfig.',
    remedy: 'Give it a kubeconfig, or run it as a Pod with a ServiceAccount.',
  },
  'agent.no-fingerprint': {
    kind: 'unavailable',
    meaning: 'The agent cannot read the UID of the kube-system namespace, by which clusters are told apart.',
    remedy: 'Allow the agent to get that namespace.',
  },
  'agent.no-join-token': {
    kind: 'invalid',
    meaning: 'The cluster is not enrolled and the agent has no join token.',
    remedy: 'Make one with `fairlead clusters token` and give it to the agent.',
  },
  'agent.not-enrolled': {
    kind: 'denied',
    meaning: 'The agent has no key that the hub knows.',
    remedy: 'Join with a token.',
  },
  'agent.lease-lost': {
    kind: 'unavailable',
    meaning: 'Another agent holds the lease of this cluster; this one writes nothing.',
    remedy: 'Run one agent per cluster; after a restart the lease passes on within seconds.',
  },
  'agent.no-sealing-key': {
    kind: 'unavailable',
    meaning: 'A Secret is sealed under a key that the agent does not have yet.',
    remedy: 'Nothing while the hub is away: the agent gets keys with its session.',
  },
  'agent.sealed-value': {
    kind: 'invalid',
    meaning: 'A sealed Secret value cannot be opened: it was changed after sealing.',
    remedy: 'Render the release again; if it comes back, report it.',
  },
  'agent.snapshot-corrupt': {
    kind: 'unavailable',
    meaning: 'A snapshot on disk or on the wire does not have the digest it is named by.',
    remedy: 'Nothing: the agent fetches it again.',
  },
} as const satisfies Record<string, ErrorCode>;
