import { AppError } from '@fairlead/shared/kernel';
import type { ErrorKind } from '@fairlead/shared/kernel';
import type { Json } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';

export interface KubeCause {
  readonly type: string;
  readonly field: string;
  readonly message: string;
}

/** What an answer means for the object it was about. What is done then: `loop/apply/apply-failure.ts`. */
export type KubeFailure =
  /** Not valid: nothing but another desired object can help. */
  | 'permanent'
  /** A field that cannot change was changed. */
  | 'immutable'
  /** More than the API server or its database takes. */
  | 'too-large'
  /** The API server, or this API of it, knows no server-side apply. */
  | 'no-apply'
  /** Something on the way is not well for now: database, network, an API server that restarts. */
  | 'retry'
  /** An admission or conversion webhook does not answer. */
  | 'webhook'
  /** This API group does not answer, while others may. */
  | 'silent'
  /** Too many requests. */
  | 'throttled'
  | 'unauthorized'
  /** Rights are missing. */
  | 'denied'
  /** This agent was told where it is started not to do that, whatever the hub says. */
  | 'not-allowed'
  /** A quota or a policy says no. */
  | 'refused'
  /** The namespace is being deleted. */
  | 'terminating'
  | 'no-namespace'
  | 'no-kind'
  | 'not-found'
  /** Another version, another owner of a field, or an object that is there already. */
  | 'conflict'
  /** The quota was being counted by somebody else at the same moment. */
  | 'quota-race'
  /** A version that the server has forgotten. */
  | 'expired'
  /** An admission webhook has side effects and says so. */
  | 'no-dry-run';

const kinds: Record<KubeFailure, ErrorKind> = {
  permanent: 'invalid',
  immutable: 'invalid',
  'too-large': 'invalid',
  'no-apply': 'invalid',
  retry: 'unavailable',
  webhook: 'unavailable',
  silent: 'unavailable',
  throttled: 'unavailable',
  unauthorized: 'denied',
  denied: 'denied',
  'not-allowed': 'invalid',
  refused: 'denied',
  terminating: 'unavailable',
  'no-namespace': 'unavailable',
  'no-kind': 'not_found',
  'not-found': 'not_found',
  conflict: 'conflict',
  'quota-race': 'conflict',
  expired: 'unavailable',
  'no-dry-run': 'unavailable',
};

const lasting: ReadonlySet<KubeFailure> = new Set(['permanent', 'immutable', 'too-large', 'no-apply', 'not-allowed']);

/** A refusal or failure of the API server. `message` is the server's own. */
export class KubeError extends AppError {
  readonly code: string;
  readonly kind: ErrorKind;
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly KubeCause[];
  readonly failure: KubeFailure;
  readonly retryAfterMs: number | null;

  constructor(answer: KubeAnswer, options?: ErrorOptions) {
    super(answer.message, { status: answer.status, reason: answer.reason }, options);
    this.status = answer.status;
    this.reason = answer.reason;
    this.causes = answer.causes;
    this.retryAfterMs = answer.retryAfterMs;
    this.failure = classify(answer);
    this.kind = kinds[this.failure];
    this.code = `kube.${this.failure}`;
  }

  /** Nothing but another desired object can help. */
  get permanent(): boolean {
    return lasting.has(this.failure);
  }

  /** Says nothing about the object or its API group: no other request would have fared better. */
  get concernsServer(): boolean {
    if (this.failure === 'silent' || this.failure === 'not-allowed' || this.reason === unreadable) return false;
    return this.status === 0 || this.failure === 'unauthorized' || this.status === 429;
  }
}

export interface KubeAnswer {
  readonly status: number;
  readonly message: string;
  readonly reason: string;
  readonly causes: readonly KubeCause[];
  readonly retryAfterMs: number | null;
}

/** Reason of a request that got no answer because its API group is silent. */
export const groupSilent = 'GroupSilent';
/** Reason of a request whose answer came and cannot be used. */
export const unreadable = 'Unreadable';

/** Reason of a request that was not sent, because this agent may not make it. */
const notAllowed = 'NotAllowedHere';

export function notAllowedHere(message: string): KubeError {
  return noAnswer(message, notAllowed);
}

/** The failure of a request that got no answer, or none that can be read. */
export function noAnswer(message: string, reason: string, cause?: unknown): KubeError {
  return new KubeError({ status: 0, message, reason, causes: [], retryAfterMs: null }, { cause });
}

/** Reads a `Status` object, or plain text, as the API server sends it. */
export function readAnswer(status: number, body: string, retryAfter: string | undefined): KubeAnswer {
  let document: Json = null;
  try {
    document = JSON.parse(body) as Json;
  } catch {
    document = { message: body.slice(0, 500) };
  }
  const causes = fieldAt(document, ['details', 'causes']);
  const seconds = retryAfter === undefined ? Number.NaN : Number(retryAfter);
  return {
    status,
    message: text(fieldOf(document, 'message')) || `the API server answered ${status}`,
    reason: text(fieldOf(document, 'reason')),
    causes: (Array.isArray(causes) ? causes : []).map((cause) => ({
      type: text(fieldOf(cause, 'reason')),
      field: text(fieldOf(cause, 'field')),
      message: text(fieldOf(cause, 'message')),
    })),
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
  };
}

const texts = {
  immutable:
    /field is immutable|is immutable|may not (be changed|change once set)|cannot change roleRef|updates to (.* for fields other than .*|\S+) are forbidden/i,
  // Schema errors of server-side apply come as 500 without a reason; repeating them never helps.
  schema: /failed to create typed patch object|field not declared in schema|duplicate entries for key|expected .*, got/,
  tooLarge: /request is too large|message larger than max/,
  webhook: /failed calling webhook|conversion webhook for .* failed/,
  // What an authorizer says; everything else that is forbidden is a quota, a policy or another admission plugin.
  rights: /User ".*" cannot \S+ (resource|path) |attempting to grant RBAC permissions not currently held/,
  policy: /admission webhook .* denied the request/,
  noDryRun: /does not support dry run/,
  noNamespace: /^namespaces ".*" not found$/,
  noKind: /^404 page not found|could not find the requested resource/,
  quotaRace: /Operation cannot be fulfilled on resourcequotas/,
};

function classify(answer: KubeAnswer): KubeFailure {
  const { status, message } = answer;
  if (status === 0) return unanswered(answer.reason);
  if (status === 429 || (status >= 500 && answer.retryAfterMs !== null)) return 'throttled';
  if (status >= 500) return serverFailure(message);
  switch (status) {
    case 400:
      if (texts.noDryRun.test(message)) return 'no-dry-run';
      return texts.policy.test(message) ? 'refused' : 'permanent';
    case 401:
      return 'unauthorized';
    case 403:
      if (answer.causes.some((cause) => cause.type === 'NamespaceTerminating')) return 'terminating';
      return texts.rights.test(message) ? 'denied' : 'refused';
    case 404:
      if (texts.noNamespace.test(message)) return 'no-namespace';
      return texts.noKind.test(message) ? 'no-kind' : 'not-found';
    case 408:
      return 'retry';
    case 409:
      return texts.quotaRace.test(message) ? 'quota-race' : 'conflict';
    case 410:
      return 'expired';
    case 413:
      return 'too-large';
    case 415:
      return 'no-apply';
    case 422:
      return isImmutable(answer) ? 'immutable' : 'permanent';
  }
  return 'permanent';
}

function unanswered(reason: string): KubeFailure {
  if (reason === notAllowed) return 'not-allowed';
  return reason === groupSilent ? 'silent' : 'retry';
}

function serverFailure(message: string): KubeFailure {
  if (texts.tooLarge.test(message)) return 'too-large';
  if (texts.schema.test(message)) return 'permanent';
  return texts.webhook.test(message) ? 'webhook' : 'retry';
}

function isImmutable(answer: KubeAnswer): boolean {
  if (/not immutable/i.test(answer.message)) return false;
  return texts.immutable.test(answer.message) || answer.causes.some((cause) => texts.immutable.test(cause.message));
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
