import { CodedError, type AppError } from '@fairlead/shared/kernel';

export function invalidCursor(): AppError {
  return new CodedError(
    { code: 'request.invalid-cursor', kind: 'invalid' },
    'The cursor is not one that this list gave out.',
  );
}
