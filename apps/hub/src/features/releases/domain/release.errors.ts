import { CodedError } from '@fairlead/shared/kernel';

export const appNotFound = (name: string) =>
  new CodedError({ code: 'app.not-found', kind: 'not_found' }, 'There is no app of this name.', { name });

export const releaseNotFound = (id: number) =>
  new CodedError({ code: 'release.not-found', kind: 'not_found' }, 'There is no release of this id.', { id });

export const releaseTargetNotFound = (details: { release: number; app: string; cluster: string }) =>
  new CodedError(
    { code: 'release.target-not-found', kind: 'not_found' },
    'The release has nothing for this app on this cluster.',
    details,
  );

export const targetNotRendered = (details: { app: string; cluster: string }) =>
  new CodedError(
    { code: 'target.not-rendered', kind: 'not_found' },
    'No release has anything for this app on this cluster.',
    details,
  );

export const clusterNotInRelease = (details: { release: number; cluster: string }) =>
  new CodedError(
    { code: 'release.cluster-not-found', kind: 'not_found' },
    'The release has nothing for this cluster.',
    details,
  );

export const commitNotReleased = (details: { group: string; commit: string }) =>
  new CodedError(
    { code: 'release.commit-not-found', kind: 'not_found' },
    'The group has no release of this commit or before it.',
    details,
  );

export const sourceNotFound = (name: string) =>
  new CodedError({ code: 'source.not-found', kind: 'not_found' }, 'There is no source of this name.', { name });

export const previewBusy = () =>
  new CodedError({ code: 'preview.busy', kind: 'unavailable' }, 'Another preview is being made.');

export const previewTooSlow = (limitMs: number) =>
  new CodedError({ code: 'preview.too-slow', kind: 'unavailable' }, 'The preview took longer than it may.', {
    seconds: Math.round(limitMs / 1000),
  });

export const invalidCursor = () =>
  new CodedError({ code: 'request.invalid-cursor', kind: 'invalid' }, 'The cursor is not one that this list gave out.');
