import type {
  AgentMessage,
  AgentTokenResponse,
  Assignment,
  AssignMessage,
  Deletion,
  EnrollResponse,
  HealthRule,
  HubMessage,
  IgnoreRule,
  ManagerMatch,
  SnapshotResponse,
  TargetSettings,
  WelcomeMessage,
} from '@fairlead/shared/contracts';
import { check, either, flag, list, nullable, object, oneOf, text, whole } from './shape.ts';
import type { Shape } from './shape.ts';

export const agentProtocol = { subprotocol: 'fairlead.agent.v1', major: 1, minor: 0 } as const;

const digest = text(/^[0-9a-f]{64}$/);
const objectKey = text(/^[^]{3,}$/);
const instant = text(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/);

export const enrollResponse = object<EnrollResponse>({
  clusterId: whole(),
  clusterName: text(),
  keyId: text(),
  audience: text(),
});

export const agentTokenResponse = object<AgentTokenResponse>({
  access_token: text(),
  token_type: oneOf('Bearer'),
  expires_in: whole(),
});

export const snapshotResponse = object<SnapshotResponse>({
  digest,
  objects: list(object<SnapshotResponse['objects'][number]>({ id: objectKey, digest })),
  blobs: list(object<SnapshotResponse['blobs'][number]>({ digest, json: text() })),
});

const ignoreRule = object<IgnoreRule>({
  target: object<IgnoreRule['target']>({
    group: nullable(text()),
    version: nullable(text()),
    kind: nullable(text()),
    namespace: nullable(text()),
    name: nullable(text()),
    labelSelector: nullable(text()),
    annotationSelector: nullable(text()),
  }),
  paths: list(text()),
  managers: list(text()),
});

const healthRule = object<HealthRule>({
  apiVersion: text(),
  kind: text(),
  progressing: nullable(text()),
  failed: nullable(text()),
  current: text(),
});

const settings = object<TargetSettings>({
  namespace: nullable(text()),
  createNamespace: flag,
  serviceAccount: nullable(text()),
  apply: object<TargetSettings['apply']>({
    conflicts: oneOf('force', 'report'),
    adopt: oneOf('unowned', 'never', 'always'),
    recreate: flag,
    takeOver: list(object<ManagerMatch>({ name: text(), match: oneOf('exact', 'prefix') })),
    onInvalid: oneOf('reject', 'skip'),
  }),
  driftMode: oneOf('off', 'report', 'correct'),
  ignore: list(ignoreRule),
  health: list(healthRule),
  prune: object<TargetSettings['prune']>({
    enabled: flag,
    maxDeletes: either(text(), whole()),
    confirm: list(text()),
    allowEmpty: flag,
    propagation: oneOf('background', 'foreground', 'orphan'),
    cascade: flag,
  }),
});

export const assignment = object<Assignment>({
  app: text(),
  counter: whole(1),
  digest,
  release: object<Assignment['release']>({ id: whole(), group: text(), number: whole(), commit: text() }),
  mode: oneOf('reconcile', 'frozen', 'delete'),
  deletion: nullable(
    object<Deletion>({
      intentId: whole(),
      objectSetHash: text(),
      policy: oneOf('orphan', 'delete', 'wait'),
      timeoutMs: whole(0),
    }),
  ),
  settings,
  confirmedPrune: nullable(text()),
  traceparent: nullable(text()),
});

type MessageOf<Type extends HubMessage['type']> = Extract<HubMessage, { type: Type }>;

const hubMessages: { readonly [Type in HubMessage['type']]: Shape<MessageOf<Type>> } = {
  welcome: object<WelcomeMessage>({
    type: oneOf('welcome'),
    protocolVersion: object<WelcomeMessage['protocolVersion']>({ major: whole(), minor: whole() }),
    epoch: whole(),
    serverTime: instant,
    heartbeatIntervalMs: whole(),
    sealingKeys: list(object<WelcomeMessage['sealingKeys'][number]>({ keyId: text(), key: text() })),
  }),
  assign: object<AssignMessage>({ type: oneOf('assign'), assignments: list(assignment) }),
  received: object<MessageOf<'received'>>({ type: oneOf('received'), epoch: whole(), report: whole() }),
  unsupported: object<MessageOf<'unsupported'>>({ type: oneOf('unsupported'), receivedType: text() }),
};

export type ReadMessage =
  | { readonly kind: 'message'; readonly message: HubMessage }
  | { readonly kind: 'unknown'; readonly type: string }
  | { readonly kind: 'broken'; readonly problem: string };

/** Reads one frame of the hub. An unknown type is not an error: a newer hub may know more. */
export function readHubMessage(frame: string): ReadMessage {
  let document: unknown;
  try {
    document = JSON.parse(frame);
  } catch {
    return { kind: 'broken', problem: 'not JSON' };
  }
  const type = typeof document === 'object' && document !== null && 'type' in document ? String(document.type) : '';
  if (!Object.hasOwn(hubMessages, type)) return { kind: 'unknown', type: type.slice(0, 100) };
  const read = check<HubMessage>(hubMessages[type as HubMessage['type']] as Shape<HubMessage>, document);
  return read.ok ? { kind: 'message', message: read.value } : { kind: 'broken', problem: read.problem };
}

/** The frame of a message. Its type is the contract's; the hub checks it again. */
export function writeAgentMessage(message: AgentMessage): string {
  return JSON.stringify(message);
}
