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

/** A name of a field manager, matched whole or as the beginning. */
export const ManagerMatch = z.object({ name: z.string().min(1), match: z.enum(['exact', 'prefix']) });
export type ManagerMatch = z.infer<typeof ManagerMatch>;

/** Fields that others may set: neither reported nor put back. Patterns are RE2 and match the whole text; null matches all. */
export const IgnoreRule = z.object({
  target: z.object({
    group: z.string().nullable(),
    version: z.string().nullable(),
    kind: z.string().nullable(),
    namespace: z.string().nullable(),
    name: z.string().nullable(),
    labelSelector: z.string().nullable(),
    annotationSelector: z.string().nullable(),
  }),
  /** RFC 6901; a step into a list may be `[key=value]` instead of an index. */
  paths: z.array(z.string()),
  /** Fields that one of these managers owns are ignored. */
  managers: z.array(z.string()),
});
export type IgnoreRule = z.infer<typeof IgnoreRule>;

/** Health of a kind by CEL expressions over `object`; asked in the order `progressing`, `failed`, `current`. */
export const HealthRule = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  progressing: z.string().nullable(),
  failed: z.string().nullable(),
  current: z.string(),
});
export type HealthRule = z.infer<typeof HealthRule>;

export const ApplySettings = z.object({
  /** What to do when somebody else holds fields of an object of the app. `report`: nothing is written over them. */
  conflicts: z.enum(['force', 'report']),
  /** Objects that exist already and carry no marks, or those of another app: `unowned` takes the former, `always` both. */
  adopt: z.enum(['unowned', 'never', 'always']),
  /** Objects whose immutable fields changed may be deleted and made anew. */
  recreate: z.boolean(),
  /** Managers whose fields pass to us, so that what they set and Git does not have goes away. */
  takeOver: z.array(ManagerMatch),
  /** One object that is not valid: nothing is applied, or only it is left out. */
  onInvalid: z.enum(['reject', 'skip']),
});
export type ApplySettings = z.infer<typeof ApplySettings>;

export const TargetSettings = z.object({
  /** Default namespace of namespaced objects; created when absent if `createNamespace`, never pruned. */
  namespace: z.string().nullable(),
  createNamespace: z.boolean(),
  /** The agent acts as this ServiceAccount (`name` in `namespace`, or `namespace/name`); null: as itself. */
  serviceAccount: z.string().nullable(),
  apply: ApplySettings,
  driftMode: z.enum(['off', 'report', 'correct']),
  ignore: z.array(IgnoreRule),
  health: z.array(HealthRule),
  prune: z.object({
    enabled: z.boolean(),
    /** "25%" or a count. */
    maxDeletes: z.union([z.string(), z.int()]),
    confirm: z.array(z.string()),
    allowEmpty: z.boolean(),
    propagation: z.enum(['background', 'foreground', 'orphan']),
    /** Namespaces may go although they hold objects of nobody here. */
    cascade: z.boolean(),
  }),
});
export type TargetSettings = z.infer<typeof TargetSettings>;

/** What an app has that says nothing. */
export const defaultTargetSettings: TargetSettings = {
  namespace: null,
  createNamespace: false,
  serviceAccount: null,
  apply: { conflicts: 'force', adopt: 'unowned', recreate: false, takeOver: [], onInvalid: 'reject' },
  driftMode: 'correct',
  ignore: [],
  health: [],
  prune: {
    enabled: true,
    maxDeletes: '25%',
    confirm: ['Namespace', 'CustomResourceDefinition', 'PersistentVolume', 'PersistentVolumeClaim', 'StatefulSet'],
    allowEmpty: false,
    propagation: 'background',
    cascade: false,
  },
};

/** Somebody agreed that exactly this set of objects goes: by another set the intent is void. */
export const Deletion = z.object({
  intentId: z.int(),
  /** As `pruneSetHash` of the inventory. */
  objectSetHash: z.string(),
  /** `orphan`: objects stay and lose our marks. `delete`: deletions are sent. `wait`: done when all objects are gone. */
  policy: z.enum(['orphan', 'delete', 'wait']),
  /** How long `wait` may take before it is reported as failed, ms. */
  timeoutMs: z.int().min(0),
});
export type Deletion = z.infer<typeof Deletion>;

export const Assignment = z.object({
  app: z.string(),
  counter: z.int().min(1),
  digest: Digest,
  release: z.object({ id: z.int(), group: z.string(), number: z.int(), commit: z.string() }),
  /**
   * `frozen`: nothing is applied, pruned or corrected any more, but health and drift are still reported. `delete`: the app
   * goes away as `deletion` says.
   */
  mode: z.enum(['reconcile', 'frozen', 'delete']),
  /** The approved intent of mode `delete`; null in every other mode. */
  deletion: Deletion.nullable(),
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
    z.object({
      app: z.string(),
      counter: z.int(),
      digest: Digest,
      phase: z.enum(['received', 'applied', 'failed', 'deleted']),
    }),
  ),
});
export type HelloMessage = z.infer<typeof HelloMessage>;

/** The last words of a failing Pod: bounded, and without anything that looks like a secret. */
export const PodReport = z.object({
  name: z.string(),
  container: z.string().nullable(),
  reason: z.string().max(100),
  events: z
    .array(
      z.object({
        at: Instant.nullable(),
        type: z.string().max(20),
        reason: z.string().max(100),
        message: z.string().max(500),
        count: z.int(),
      }),
    )
    .max(5),
  /** The end of the log, at most 2 KiB; null when there is none. */
  log: z.string().max(2048).nullable(),
});
export type PodReport = z.infer<typeof PodReport>;

/** Something a person should know that is no failure: an object that stays, a kind that cannot be watched. */
export const Notice = z.object({
  /** Stable, e.g. `Kept`, `WatchForbidden`, `DryRunNotSupported`. */
  reason: z.string().max(100),
  object: ObjectKey.nullable(),
  message: z.string().max(500),
});
export type Notice = z.infer<typeof Notice>;

export const ObjectFailure = z.object({
  object: ObjectKey,
  /** Stable, e.g. `ImmutableFieldChanged`, `OwnedByAnother`, `ImagePullBackOff`. */
  reason: z.string().max(100),
  message: z.string().max(2000),
  /** What the Pods of the object say; null when it has none or they say nothing. Secret values are masked. */
  pods: z.array(PodReport).max(3).nullable(),
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
  /** `deleted`: the deletion of the assignment is done, or (policy `delete`) every object is being deleted. */
  phase: z.enum(['received', 'applied', 'failed', 'deleted']),
  /** For `failed`: true when trying again cannot help before another digest is assigned. */
  permanent: z.boolean(),
  message: z.string().max(2000).nullable(),
  failures: z.array(ObjectFailure).max(20),
});
export type AckMessage = z.infer<typeof AckMessage>;

export const PruneHold = z.object({
  reason: z.enum(['empty-render', 'all-objects', 'mass-prune', 'confirmed-kind', 'inventory-rebuilt']),
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
  /** Fields that differ and that Git says something about. */
  openDrift: z.int(),
  /** Fields that somebody set and that Git says nothing about. */
  unmanaged: z.int(),
  /** Objects that somebody keeps changing back: they are corrected ever more slowly. */
  contended: z.int(),
  pruneHold: PruneHold.nullable(),
  notices: z.array(Notice).max(20),
});
export type StatusMessage = z.infer<typeof StatusMessage>;

export const DriftItemReport = z.object({
  object: ObjectKey,
  apiVersion: z.string(),
  /** RFC 6901; empty for the whole object. */
  path: z.string(),
  /** `unmanaged`: somebody set a field that Git says nothing about; it is reported and stays. */
  change: z.enum(['changed', 'removed', 'added', 'object-deleted', 'unmanaged']),
  /** Somebody keeps changing the object back. */
  contended: z.boolean(),
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
