import { clientErrorCodes } from './client-error-codes.ts';
import type { ErrorCode } from './error-code.ts';
import { hubErrorCodes } from './hub-error-codes.ts';

export type { ErrorCode };

/** Every error code that any part of Fairlead gives out. `docs/errors.md` is generated from this table. */
export const errorCodes = { ...hubErrorCodes, ...clientErrorCodes } as const satisfies Record<string, ErrorCode>;
