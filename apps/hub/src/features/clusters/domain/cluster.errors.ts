import { CodedError } from '@fairlead/shared/kernel';

export function clusterNotFound(): CodedError {
  return new CodedError({ code: 'cluster.not-found', kind: 'not_found' }, 'There is no cluster of this name.');
}

export function joinTokenNotFound(): CodedError {
  return new CodedError({ code: 'join-token.not-found', kind: 'not_found' }, 'There is no such join token.');
}

/** One answer for every reason: who has no valid token learns nothing. The ledger has the reason. */
export function enrolmentRefused(): CodedError {
  return new CodedError(
    { code: 'enrolment.refused', kind: 'unauthenticated' },
    'The join token is not valid for this cluster.',
  );
}

export function clusterNameTaken(): CodedError {
  return new CodedError({ code: 'cluster.name-taken', kind: 'conflict' }, 'Another cluster has this name..');
}

/** One answer for every reason: unknown or revoked key, wrong audience, expired or repeated assertion. */
export function agentUnauthenticated(): CodedError {
  return new CodedError({ code: 'agent.unauthenticated', kind: 'unauthenticated' }, 'The agent is not authenticated.');
}
