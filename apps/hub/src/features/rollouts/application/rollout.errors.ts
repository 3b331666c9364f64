import { CodedError } from '@fairlead/shared/kernel';

export const groupNotFound = (group: string | number) =>
  new CodedError({ code: 'group.not-found', kind: 'not_found' }, 'There is no such group.', { group });

export const rolloutNotFound = (id: number) =>
  new CodedError({ code: 'rollout.not-found', kind: 'not_found' }, 'There is no rollout with this id.', { id });

export const releaseNotFound = (details: { group: string; release: number | null }) =>
  new CodedError({ code: 'release.not-found', kind: 'not_found' }, 'The group has no such release.', details);

export const targetNotFound = (details: { app: string; cluster: string }) =>
  new CodedError({ code: 'target.not-found', kind: 'not_found' }, 'The app is not assigned to the cluster.', details);

export const pruneNotHeld = (details: { app: string; cluster: string; hash: string; held: string | null }) =>
  new CodedError(
    { code: 'target.prune-not-held', kind: 'conflict' },
    'The agent does not hold back exactly this set of objects.',
    {
      ...details,
      refusal: details.held === null ? 'nothing is held back' : `the set that is held back is ${details.held}`,
    },
  );

export const rolloutConflict = (id: number) =>
  new CodedError({ code: 'rollout.conflict', kind: 'conflict' }, 'Somebody else changed the rollout meanwhile.', {
    id,
  });

export const versionMismatch = (details: { id: number; version: number }) =>
  new CodedError(
    { code: 'rollout.version', kind: 'conflict' },
    'The rollout is not what it was when you read it.',
    details,
  );

export const commandRefused = (details: { id: number; refusal: string }) =>
  new CodedError(
    { code: 'rollout.refused', kind: 'conflict' },
    'The rollout does not allow that in its state.',
    details,
  );

export const planChanged = (details: { planHash: string; given: string | null }) =>
  new CodedError(
    { code: 'rollout.plan-changed', kind: 'conflict' },
    'The plan that was agreed to is not what would happen now.',
    details,
  );

export const startBlocked = (details: { blocked: readonly string[] }) =>
  new CodedError({ code: 'rollout.blocked', kind: 'conflict' }, 'The release must not be rolled out.', details);

export const alreadyActive = (details: { rollout: number; state: string }) =>
  new CodedError(
    { code: 'rollout.active', kind: 'conflict' },
    'Another rollout of the group is not over yet.',
    details,
  );

export const nothingToDo = (details: Record<string, unknown>) =>
  new CodedError({ code: 'rollout.nothing', kind: 'conflict' }, 'There is nothing to do.', details);

export const keyReused = () =>
  new CodedError(
    { code: 'request.idempotency-key', kind: 'conflict' },
    'The idempotency key was used for another request.',
  );
