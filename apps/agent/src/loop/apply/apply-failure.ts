import { CodedError } from '@fairlead/shared/kernel';
import { KubeError } from '../../kube/kube-error.ts';
import type { KubeFailure } from '../../kube/kube-error.ts';
import type { ApplyFailure } from '../state/object-record.ts';

const reasons: Record<KubeFailure, string> = {
  permanent: 'Invalid',
  immutable: 'ImmutableFieldChanged',
  retry: 'Unavailable',
  throttled: 'Throttled',
  unauthorized: 'Unauthorized',
  denied: 'Forbidden',
  terminating: 'NamespaceTerminating',
  'no-namespace': 'NamespaceMissing',
  'not-found': 'KindNotServed',
  conflict: 'Conflict',
  expired: 'Unavailable',
  'no-dry-run': 'DryRunNotSupported',
};

/** Why one object could not be applied; null when it was not about the object but about reaching the server at all. */
export function applyFailure(error: unknown, { isSecret }: { isSecret: boolean }): ApplyFailure | null {
  if (error instanceof KubeError) {
    if (error.status === 0 || error.failure === 'unauthorized' || error.failure === 'throttled') return null;
    const fields = error.causes.map((cause) => cause.field).filter((field) => field !== '');
    // Servers quote values in their messages: of a Secret only the field is told.
    const message = isSecret
      ? `the API server refused the Secret (${error.status} ${error.reason}) ${fields.join(', ')}`.trim()
      : error.message;
    return { reason: reasons[error.failure], message: message.slice(0, 2000), permanent: error.permanent };
  }
  if (error instanceof CodedError && error.code.startsWith('agent.')) {
    return { reason: 'Unsealable', message: error.message, permanent: error.kind === 'invalid' };
  }
  return null;
}
