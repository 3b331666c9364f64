import { StandardSchemaValidationPipe } from '@nestjs/common';
import { CodedError } from '@fairlead/shared/kernel';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Checks bodies, queries and parameters that name a schema; all complaints come back together, by field. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({ exceptionFactory: (issues: readonly Issue[]) => invalidRequest(issues) });
}

/** The error of a request that does not fit its schema. */
function invalidRequest(issues: readonly Issue[]): CodedError {
  return new CodedError({ code: 'request.invalid', kind: 'invalid' }, 'The request is not valid.', {
    problems: issues.slice(0, 50).map((issue) => ({
      field: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
      problem: issue.message,
    })),
  });
}
