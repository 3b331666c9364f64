import { z } from 'zod';

/**
 * Messages between hub and agent (protocol 1). One JSON document per WebSocket text frame, subprotocol
 * `fairlead.agent.v1`. Unknown fields are ignored; an unknown `type` is answered with `unsupported`.
 */
export const agentProtocol = { subprotocol: 'fairlead.agent.v1', major: 1, minor: 0 } as const;

const Digest = z.string().regex(/^[0-9a-f]{64}$/);
const Instant = z.iso.datetime({ offset: true });

/** `group/kind/namespace/name`, empty parts stay empty. */
const ObjectKey = z.string().min(3);

export const ProtocolVersion = z.object({ major: z.int(), minor: z.int() });

export const TargetHealth = z.enum(['healthy', 'progressing', 'degraded', 'failed', 'suspended', 'unknown']);
export type TargetHealth = z.infer<typeof TargetHealth>;

export const EnrollRequest = z.object({
  protocolVersion: ProtocolVersion,
  token: z.string().min(1).max(200),
  clusterName: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  /** Ed25519 public key. */
  publicKey: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string().min(40).max(60) }),
  /** UID of the `kube-system` namespace: tells one cluster from another whatever it is called. */
  fingerprint: z.string().min(1).max(100),
  agentVersion: z.string().max(50),
  kubernetesVersion: z.string().max(50),
});
export type EnrollRequest = z.infer<typeof EnrollRequest>;

export const EnrollResponse = z.object({
  clusterId: z.int(),
  clusterName: z.string(),
  /** Key id to put in the header of every assertion. */
  keyId: z.string(),
  /** Audience of assertions: what the hub calls itself. */
  audience: z.string(),
});
export type EnrollResponse = z.infer<typeof EnrollResponse>;

/** RFC 7523: assertion signed with the agent's key, `iss` = `sub` = key id, `aud` = audience, `exp` at most 60 s ahead, fresh `jti`. */
export const AgentTokenRequest = z.object({
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
  client_assertion: z.string().max(4000),
});
export type AgentTokenRequest = z.infer<typeof AgentTokenRequest>;

export const AgentTokenResponse = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int(),
});
export type AgentTokenResponse = z.infer<typeof AgentTokenResponse>;

// ---- assignments

export const TargetSettings = z.object({
  /** Default namespace of namespaced objects; created when absent if `createNamespace`, never pruned. */
  namespace: z.string().nullable(),
  createNamespace: z.boolean(),
  driftMode: z.enum(['off', 'report', 'correct']),
  prune: z.object({
    enabled: z.boolean(),
    /** "25%" or a count. */
    maxDeletes: z.union([z.string(), z.int()]),
    confirm: z.array(z.string()),
    allowEmpty: z.boolean(),
  }),
});
export type TargetSettings = z.infer<typeof TargetSettings>;

export const Assignment = z.object({
  app: z.string(),
  counter: z.int().min(1),
  digest: Digest,
  release: z.object({ id: z.int(), group: z.string(), number: z.int(), commit: z.string() }),
  /** `frozen`: nothing is applied, pruned or corrected any more, but health and drift are still reported. */
  mode: z.enum(['reconcile', 'frozen']),
  settings: TargetSettings,
  /** Hash of the exact set of objects whose deletion a person agreed to; the prune guard lets that set go and no other. */
  confirmedPrune: z.string().nullable(),
  traceparent: z.string().nullable(),
});
export type Assignment = z.infer<typeof Assignment>;

// ---- hub -> agent

export const WelcomeMessage = z.object({
  type: z.literal('welcome'),
  protocolVersion: ProtocolVersion,
  /** Grows with every session of this cluster; every report carries it. */
  epoch: z.int(),
  serverTime: Instant,
  heartbeatIntervalMs: z.int(),
  /** 256-bit keys that open sealed Secret values, base64; the first is the current one. Never written anywhere in the clear. */
  sealingKeys: z.array(z.object({ keyId: z.string(), key: z.string() })),
});
export type WelcomeMessage = z.infer<typeof WelcomeMessage>;

export const AssignMessage = z.object({
  type: z.literal('assign'),
  /** All assignments of the cluster, not a delta. An app that is missing here is left exactly as it is. */
  assignments: z.array(Assignment),
});
export type AssignMessage = z.infer<typeof AssignMessage>;

/** The hub has stored every report up to and including `report` of this epoch. */
export const ReceivedMessage = z.object({ type: z.literal('received'), epoch: z.int(), report: z.int() });

export const UnsupportedMessage = z.object({ type: z.literal('unsupported'), receivedType: z.string() });

export const HubMessage = z.discriminatedUnion('type', [
  WelcomeMessage,
  AssignMessage,
  ReceivedMessage,
  UnsupportedMessage,
]);
export type HubMessage = z.infer<typeof HubMessage>;

// ---- agent -> hub

export const HelloMessage = z.object({
  type: z.literal('hello'),
  protocolVersion: ProtocolVersion,
  agentVersion: z.string(),
  kubernetesVersion: z.string(),
  fingerprint: z.string(),
  apps: z.array(
    z.object({ app: z.string(), counter: z.int(), digest: Digest, phase: z.enum(['received', 'applied', 'failed']) }),
  ),
});
export type HelloMessage = z.infer<typeof HelloMessage>;

export const ObjectFailure = z.object({
  object: ObjectKey,
  /** Stable, e.g. `ImmutableFieldChanged`, `OwnedByAnother`, `ImagePullBackOff`. */
  reason: z.string().max(100),
  message: z.string().max(2000),
});
export type ObjectFailure = z.infer<typeof ObjectFailure>;

const reportFields = {
  epoch: z.int(),
  report: z.int().min(1),
  app: z.string(),
  counter: z.int().min(1),
  digest: Digest,
  at: Instant,
};

/** `applied` is sent only after the API server accepted every object of exactly this digest. */
export const AckMessage = z.object({
  type: z.literal('ack'),
  ...reportFields,
  phase: z.enum(['received', 'applied', 'failed']),
  /** For `failed`: true when trying again cannot help before another digest is assigned. */
  permanent: z.boolean(),
  message: z.string().max(2000).nullable(),
  failures: z.array(ObjectFailure).max(20),
});
export type AckMessage = z.infer<typeof AckMessage>;

export const PruneHold = z.object({
  reason: z.enum(['empty-render', 'all-objects', 'mass-prune', 'confirmed-kind']),
  /** Names exactly this set of objects. */
  hash: z.string(),
  objects: z.array(ObjectKey).max(50),
  count: z.int(),
});
export type PruneHold = z.infer<typeof PruneHold>;

/** `healthy` only when the health rules held on generations observed after the apply of exactly this digest. */
export const StatusMessage = z.object({
  type: z.literal('status'),
  ...reportFields,
  applied: z.boolean(),
  health: TargetHealth,
  counts: z.object({ objects: z.int(), healthy: z.int(), progressing: z.int(), failed: z.int() }),
  failing: z.array(ObjectFailure).max(20),
  openDrift: z.int(),
  pruneHold: PruneHold.nullable(),
});
export type StatusMessage = z.infer<typeof StatusMessage>;

export const DriftItemReport = z.object({
  object: ObjectKey,
  apiVersion: z.string(),
  /** RFC 6901; empty for the whole object. */
  path: z.string(),
  change: z.enum(['changed', 'removed', 'added', 'object-deleted']),
  /** Secret values appear only as masks. */
  desired: z.json(),
  live: z.json(),
  manager: z.string().nullable(),
  operation: z.string().nullable(),
  managerAt: Instant.nullable(),
  confidence: z.enum(['high', 'low', 'none']),
  firstSeenAt: Instant,
});
export type DriftItemReport = z.infer<typeof DriftItemReport>;

export const DriftMessage = z.object({
  type: z.literal('drift'),
  ...reportFields,
  opened: z.array(DriftItemReport).max(500),
  closed: z
    .array(
      z.object({
        object: ObjectKey,
        path: z.string(),
        outcome: z.enum(['corrected', 'reverted', 'superseded']),
        at: Instant,
      }),
    )
    .max(500),
});
export type DriftMessage = z.infer<typeof DriftMessage>;

export const AgentMessage = z.discriminatedUnion('type', [
  HelloMessage,
  AckMessage,
  StatusMessage,
  DriftMessage,
  UnsupportedMessage,
]);
export type AgentMessage = z.infer<typeof AgentMessage>;
export type AgentReport = AckMessage | StatusMessage | DriftMessage;

// ---- blobs

/** `POST /agent/v1/snapshots/{digest}`; only digests assigned to the caller's cluster. */
export const SnapshotRequest = z.object({
  /** A snapshot whose blobs the agent has all of: they are left out of the answer. */
  base: Digest.nullable(),
});
export type SnapshotRequest = z.infer<typeof SnapshotRequest>;

export const SnapshotResponse = z.object({
  digest: Digest,
  /** In apply order. */
  objects: z.array(z.object({ id: ObjectKey, digest: Digest })),
  /** Canonical JSON of each object not in `base`; verify against the digest before use. Secret values are sealed. */
  blobs: z.array(z.object({ digest: Digest, json: z.string() })),
});
export type SnapshotResponse = z.infer<typeof SnapshotResponse>;
