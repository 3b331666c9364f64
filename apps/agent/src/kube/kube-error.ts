import { AppError } from '@fairlead/shared/kernel';
import type { ErrorKind } from '@fairlead/shared/kernel';
import type { Json } from '@fairlead/manifests';
import { fieldAt, fieldOf } from '@fairlead/manifests';

export interface KubeCause {
  readonly type: string;
  readonly field: string;
  readonly message: string;
}

/** What the answer means for the object it was about; decides whether trying again can help. */
export type KubeFailure =
  | 'permanent'
  | 'immutable'
  | 'retry'
  | 'throttled'
  | 'unauthorized'
  | 'denied'
  | 'terminating'
  | 'no-namespace'
  | 'not-found'
  | 'conflict'
  | 'expired'
  | 'no-dry-run';

const kinds: Record<KubeFailure, ErrorKind> = {
  permanent: 'invalid',
  immutable: 'invalid',
  retry: 'unavailable',
  throttled: 'unavailable',
  unauthorized: 'denied',
  denied: 'denied',
  terminating: 'unavailable',
  'no-namespace': 'unavailable',
  'not-found': 'not_found',
  conflict: 'conflict',
  expired: 'unavailable',
  'no-dry-run': 'unavailable',
};

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
    return this.failure === 'permanent' || this.failure === 'immutable';
  }
}

export interface KubeAnswer {
  readonly status: number;
  readonly message: string;
  readonly reason: string;
  readonly causes: readonly KubeCause[];
  readonly retryAfterMs: number | null;
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

const immutableTexts =
  /field is immutable|is immutable|may not (be changed|change once set)|cannot change roleRef|updates to .* for fields other than .* are forbidden/i;

// Schema errors of server-side apply come as 500 without a reason; repeating them never helps.
const schemaTexts =
  /failed to create typed patch object|field not declared in schema|duplicate entries for key|expected .*, got|request is too large|message larger than max/;

function classify(answer: KubeAnswer): KubeFailure {
  const { status, message } = answer;
  if (status === 0) return 'retry';
  if (status === 429 || (status >= 500 && answer.retryAfterMs !== null)) return 'throttled';
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return answer.causes.some((cause) => cause.type === 'NamespaceTerminating') ? 'terminating' : 'denied';
    case 404:
      return /^namespaces ".*" not found$/.test(message) ? 'no-namespace' : 'not-found';
    case 409:
      return 'conflict';
    case 410:
      return 'expired';
    case 422:
      return isImmutable(answer) ? 'immutable' : 'permanent';
    case 400:
      return message.includes('does not support dry run') ? 'no-dry-run' : 'permanent';
  }
  if (status === 500 && schemaTexts.test(message)) return 'permanent';
  return status >= 500 || status === 408 ? 'retry' : 'permanent';
}

function isImmutable(answer: KubeAnswer): boolean {
  if (/not immutable/i.test(answer.message)) return false;
  return immutableTexts.test(answer.message) || answer.causes.some((cause) => immutableTexts.test(cause.message));
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
