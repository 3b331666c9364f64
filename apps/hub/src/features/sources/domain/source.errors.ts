import { CodedError } from '@fairlead/shared/kernel';

export const sourceNotFound = (name: string) =>
  new CodedError({ code: 'source.not-found', kind: 'not_found' }, 'There is no source of this name.', { name });

export const sourceExists = (name: string) =>
  new CodedError({ code: 'source.exists', kind: 'conflict' }, 'There is a source of this name already.', { name });

/** The same answer for an unknown source, a missing secret and a wrong signature: a caller learns nothing by trying. */
export const webhookRefused = () =>
  new CodedError({ code: 'webhook.refused', kind: 'unauthenticated' }, 'The webhook is not signed as it should be.');

export const invalidCursor = () =>
  new CodedError({ code: 'request.invalid-cursor', kind: 'invalid' }, 'The cursor is not one that this list gave out.');
