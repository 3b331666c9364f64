import type { ErrorCode } from './error-code.ts';

/** What the hub answers. */
export const hubErrorCodes = {
  // ---- access
  'access.unauthenticated': {
    kind: 'unauthenticated',
    meaning: 'The request carries no API token, or one that is unknown, expired or revoked.',
    remedy: 'Run `fairlead login` with a valid token; the ledger says why a presented token was refused.',
  },
  'access.denied': {
    kind: 'denied',
    meaning: 'The role of the API token does not include the permission that the route needs.',
    remedy: 'Use a token with a role that has the permission named in the details.',
  },
  'access.too-many-attempts': {
    kind: 'unavailable',
    meaning: 'Too many wrong API tokens came from one address within a minute.',
    remedy: 'Wait as long as the details say, and correct the token.',
  },
  'access.token-not-found': {
    kind: 'not_found',
    meaning: 'There is no API token with this id.',
    remedy: 'List the tokens with `GET /v1/api-tokens`.',
  },
  'access.principal-kind-conflict': {
    kind: 'conflict',
    meaning: 'The name belongs to a person and was given for a robot, or the other way round.',
    remedy: 'Choose another name for the new principal.',
  },
  'access.last-admin-token': {
    kind: 'conflict',
    meaning: 'Revoking this token would leave nobody who can manage access.',
    remedy: 'Issue another admin token first.',
  },
  // ---- requests
  'request.invalid': {
    kind: 'invalid',
    meaning: 'The body, query or path of the request does not fit its schema.',
    remedy: 'Correct the fields that the details name.',
  },
  'request.invalid-cursor': {
    kind: 'invalid',
    meaning: 'The cursor or event id was not given out by this list or stream.',
    remedy: 'Start again without a cursor.',
  },
  'request.no-such-route': {
    kind: 'not_found',
    meaning: 'The hub has no such route or method.',
    remedy: 'Compare with `/openapi.json`; client and hub may be of different versions.',
  },
  'request.too-large': {
    kind: 'invalid',
    meaning: 'The body of the request is larger than allowed.',
    remedy: 'Send less at once.',
  },
  'request.unsupported-media-type': {
    kind: 'invalid',
    meaning: 'The body is not JSON.',
    remedy: 'Send `content-type: application/json`.',
  },
  'request.too-many': { kind: 'unavailable', meaning: 'The caller sends too many requests.', remedy: 'Slow down.' },
  'request.refused': {
    kind: 'invalid',
    meaning: 'The HTTP layer refused the request before any route saw it.',
    remedy: 'Check what stands between the client and the hub.',
  },
  'request.idempotency-key': {
    kind: 'conflict',
    meaning: 'The idempotency key was used before, for another request.',
    remedy: 'Use a new key for each thing you want done.',
  },
  // ---- clusters and agents
  'cluster.not-found': {
    kind: 'not_found',
    meaning: 'There is no cluster of this name.',
    remedy: 'Run `fairlead clusters list`.',
  },
  'cluster.name-taken': {
    kind: 'conflict',
    meaning: 'Another cluster, with another fingerprint, has this name.',
    remedy: 'Join under another name; a name is never taken over.',
  },
  'join-token.not-found': {
    kind: 'not_found',
    meaning: 'There is no join token with this id.',
    remedy: 'List them with `GET /v1/join-tokens`.',
  },
  'enrolment.refused': {
    kind: 'unauthenticated',
    meaning: 'The join token is unknown, expired, used up, revoked, or not for this cluster name.',
    remedy: 'Make a new one with `fairlead clusters token`; the ledger has the reason.',
  },
  'agent.unauthenticated': {
    kind: 'unauthenticated',
    meaning: "The agent's assertion or access token is not valid, or its cluster is revoked.",
    remedy: 'Check the clock of the cluster and the public URL of the hub; the ledger has the reason.',
  },
  'snapshot.not-assigned': {
    kind: 'not_found',
    meaning: 'The snapshot is not assigned to the cluster that asks.',
    remedy: 'Nothing: the agent asks again when its assignment changes.',
  },
  // ---- sources and Git
  'source.not-found': {
    kind: 'not_found',
    meaning: 'There is no source of this name.',
    remedy: 'Run `fairlead sources list`.',
  },
  'source.exists': {
    kind: 'conflict',
    meaning: 'A source of this name is there already.',
    remedy: 'Choose another name.',
  },
  'webhook.refused': {
    kind: 'unauthenticated',
    meaning: 'The webhook is not signed with the secret of its source, is too old, or the source has no secret.',
    remedy: 'Give the Git host the webhook secret of the source; the ledger has the reason.',
  },
  'git.url-refused': {
    kind: 'invalid',
    meaning: 'The repository URL has a scheme or an address that the hub does not use.',
    remedy: 'Use an https, ssh or file URL without credentials in it.',
  },
  'git.unknown-ref': {
    kind: 'not_found',
    meaning: 'The repository has no such branch or tag.',
    remedy: 'Correct the ref of the source, or push it.',
  },
  'git.unknown-commit': {
    kind: 'not_found',
    meaning: 'The hub does not have this commit.',
    remedy: 'Synchronise the source; a commit that was never on its ref is not fetched.',
  },
  'git.unreachable': {
    kind: 'unavailable',
    meaning: 'The repository does not answer, or refuses access.',
    remedy: 'Check address, network and credentials; the hub tries again by itself.',
  },
  'git.failed': {
    kind: 'unavailable',
    meaning: "Git failed on the hub's copy of the repository.",
    remedy: 'See the log of the hub; the copy may be deleted and is fetched again.',
  },
  // ---- apps, releases and rollouts
  'app.not-found': {
    kind: 'not_found',
    meaning: 'There is no app of this name.',
    remedy: 'Run `fairlead apps list`.',
  },
  'group.not-found': {
    kind: 'not_found',
    meaning: 'There is no group of this name.',
    remedy: 'Run `fairlead apps list`: every app names its group.',
  },
  'release.not-found': {
    kind: 'not_found',
    meaning: 'There is no such release.',
    remedy: 'Run `fairlead releases list`.',
  },
  'preview.busy': {
    kind: 'unavailable',
    meaning: 'This process of the hub makes one preview at a time.',
    remedy: 'Try again in a while.',
  },
  'preview.too-slow': {
    kind: 'unavailable',
    meaning: 'Rendering the fleet for the preview took longer than the limit.',
    remedy: 'Ask for one app with `--app`, or try again when the hub has less to do.',
  },
  'release.cluster-not-found': {
    kind: 'not_found',
    meaning: 'The release has no target on this cluster.',
    remedy: 'See its clusters with `fairlead releases get`.',
  },
  'release.commit-not-found': {
    kind: 'not_found',
    meaning: 'The hub read no such commit for the group, several begin like this, or the group had no release by then.',
    remedy:
      'See the commits with `fairlead releases list --group`, and write more of the id; commits never read can be previewed.',
  },
  'release.target-not-found': {
    kind: 'not_found',
    meaning: 'The release has nothing for this app on this cluster.',
    remedy: 'Compare the targets of the app with the labels of the cluster.',
  },
  'release.conflict': {
    kind: 'unavailable',
    meaning: 'Two readings of a source recorded a release of one group at the same time.',
    remedy: 'Nothing: the later one is repeated.',
  },
  'target.not-found': {
    kind: 'not_found',
    meaning: 'The app is not assigned to this cluster.',
    remedy: 'Run `fairlead targets list`.',
  },
  'target.not-rendered': {
    kind: 'not_found',
    meaning: 'No release has objects for this app on this cluster.',
    remedy:
      'See what the app comes to with `fairlead apps get`, and compare its targets with the labels of the cluster.',
  },
  'target.prune-not-held': {
    kind: 'conflict',
    meaning: 'The agent does not hold back the deletion of exactly this set of objects (any more).',
    remedy: 'See what is held now with `fairlead targets get`, and agree to that hash if it is right.',
  },
  'rollout.not-found': {
    kind: 'not_found',
    meaning: 'There is no rollout with this id.',
    remedy: 'Run `fairlead rollouts list`.',
  },
  'rollout.conflict': {
    kind: 'conflict',
    meaning: 'Somebody else changed the rollout at the same moment.',
    remedy: 'Look at the rollout again, and repeat the command if it is still wanted.',
  },
  'rollout.version': {
    kind: 'conflict',
    meaning: 'The rollout is not in the version that `If-Match` names.',
    remedy: 'Read the rollout again and decide anew.',
  },
  'rollout.refused': {
    kind: 'conflict',
    meaning: 'The rollout does not allow this command in its state.',
    remedy: 'See the state with `fairlead rollouts get`; the details say why.',
  },
  'rollout.plan-changed': {
    kind: 'conflict',
    meaning: 'The plan that was agreed to is not what would happen now.',
    remedy: 'Plan again, read it, and start with the new plan hash.',
  },
  'rollout.blocked': {
    kind: 'conflict',
    meaning: 'The release must not be rolled out: it is quarantined, held, or would touch more than allowed.',
    remedy: 'See the reasons in the details; `fairlead groups unquarantine` or `release-hold` lift them.',
  },
  'rollout.active': {
    kind: 'conflict',
    meaning: 'Another rollout of the group is not over yet.',
    remedy: 'Wait for it, cancel it, or roll it back.',
  },
  'rollout.nothing': {
    kind: 'conflict',
    meaning: 'There is nothing to do: every target has what was asked for, or nothing to go back to.',
    remedy: 'Nothing.',
  },
  // ---- the hub
  'hub.internal': {
    kind: 'bug',
    meaning: 'The hub made a mistake.',
    remedy: 'Find the trace id of the answer in the log of the hub, and report both.',
  },
  'hub.not-ready': {
    kind: 'unavailable',
    meaning: 'The hub starts, or its database or queue does not answer.',
    remedy: 'Wait; `GET /readyz` names what is missing.',
  },
  'config.invalid': {
    kind: 'invalid',
    meaning: 'Settings of the hub are missing or wrong.',
    remedy: 'Correct every setting that the message names; see configuration.md.',
  },
  'config.invalid-key': {
    kind: 'invalid',
    meaning: 'A key of the hub is not 32 bytes in base64.',
    remedy: 'Make one with `openssl rand -base64 32`, or remove it to have the hub make its own.',
  },
  'keys.unknown': {
    kind: 'unavailable',
    meaning: 'A stored secret is sealed under a key that this hub does not have.',
    remedy: 'Give the hub the earlier sealing key too: keys are kept in the data directory or FAIRLEAD_SEALING_KEY.',
  },
  'database.schema-outdated': {
    kind: 'unavailable',
    meaning: 'The database schema is older than this hub.',
    remedy: 'Run `hub migrate` before `hub serve` and `hub work`.',
  },
  'embedded-postgres.in-use': {
    kind: 'conflict',
    meaning: 'Another hub runs on this data directory.',
    remedy: 'Stop it, or choose another data directory.',
  },
  'embedded-postgres.unsupported': {
    kind: 'unavailable',
    meaning: 'There is no embedded PostgreSQL for this platform.',
    remedy: 'Set DATABASE_URL to a PostgreSQL server.',
  },
} as const satisfies Record<string, ErrorCode>;
