import { CodedError } from '@fairlead/shared/kernel';
import type { RetrySchedule } from '../../domain/apply/retry-schedule.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { KubeFailure } from '../../kube/kube-error.ts';
import type { ApplyFailure } from '../state/object-record.ts';

interface FailureClass {
  /** What a person reads. */
  readonly reason: string;
  readonly retry: RetrySchedule;
}

/** What becomes of an object after each kind of failure. */
const classes: Readonly<Record<KubeFailure, FailureClass>> = {
  permanent: { reason: 'Invalid', retry: 'never' },
  immutable: { reason: 'ImmutableFieldChanged', retry: 'never' },
  'too-large': { reason: 'TooLarge', retry: 'never' },
  'no-apply': { reason: 'ServerSideApplyNotAvailable', retry: 'never' },
  retry: { reason: 'Unavailable', retry: 'soon' },
  webhook: { reason: 'WebhookUnavailable', retry: 'backoff' },
  silent: { reason: 'ApiGroupUnavailable', retry: 'soon' },
  throttled: { reason: 'Throttled', retry: 'backoff' },
  unauthorized: { reason: 'Unauthorized', retry: 'soon' },
  denied: { reason: 'Forbidden', retry: 'rights' },
  'not-allowed': { reason: 'NotAllowedHere', retry: 'never' },
  refused: { reason: 'Refused', retry: 'slow' },
  terminating: { reason: 'NamespaceTerminating', retry: 'soon' },
  'no-namespace': { reason: 'NamespaceMissing', retry: 'soon' },
  'no-kind': { reason: 'KindNotServed', retry: 'backoff' },
  'not-found': { reason: 'NotFound', retry: 'backoff' },
  conflict: { reason: 'Conflict', retry: 'soon' },
  'quota-race': { reason: 'QuotaConflict', retry: 'fast' },
  expired: { reason: 'Unavailable', retry: 'soon' },
  'no-dry-run': { reason: 'DryRunNotSupported', retry: 'soon' },
};

const mayQuote: ReadonlySet<KubeFailure> = new Set(['permanent', 'immutable', 'refused', 'retry', 'webhook']);

/** Why one object could not be applied; null when it was not about the object but about reaching the server at all. */
export function applyFailure(error: unknown, { isSecret }: { isSecret: boolean }): ApplyFailure | null {
  if (error instanceof KubeError) {
    if (error.concernsServer) return null;
    const { reason, retry } = classes[error.failure];
    const fields = error.causes.map((cause) => cause.field).filter((field) => field !== '');
    // Servers quote values in their messages: of a Secret only the field is told.
    const message =
      isSecret && mayQuote.has(error.failure)
        ? `the API server refused the Secret (${error.status} ${error.reason}) ${fields.join(', ')}`.trim()
        : hint(error) + error.message;
    return { reason, message: message.slice(0, 2000), permanent: retry === 'never', retry };
  }
  if (error instanceof CodedError && error.code.startsWith('agent.')) {
    const permanent = error.kind === 'invalid';
    return { reason: 'Unsealable', message: error.message, permanent, retry: permanent ? 'never' : 'soon' };
  }
  return null;
}

function hint(error: KubeError): string {
  return error.failure === 'no-apply' ? 'server-side apply is not available: ' : '';
}
