import { Problem } from '../contracts/problem.ts';
import { CodedError, type ErrorKind } from '../kernel/errors.ts';

const kinds: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'denied',
  404: 'not_found',
  405: 'invalid',
  409: 'conflict',
  412: 'conflict',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'unavailable',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** The error a response that is not 2xx stands for. What is not a problem document (a proxy's page) keeps only its status. */
export async function errorFromResponse(response: Response): Promise<CodedError> {
  const kind = kinds[response.status] ?? 'bug';
  const problem = Problem.safeParse(await readJson(response));
  if (!problem.success) {
    return new CodedError({ code: 'hub.unexpected-answer', kind }, 'The hub answered something that is not its own', {
      status: response.status,
    });
  }
  const { code, detail, details, traceId } = problem.data;
  return new CodedError({ code, kind }, detail, traceId === null ? details : { ...details, traceId });
}

/** A request that got no answer at all. */
export function unreachable(baseUrl: string, cause: unknown): CodedError {
  return new CodedError(
    { code: 'hub.unreachable', kind: 'unavailable' },
    'The hub does not answer',
    { baseUrl },
    { cause },
  );
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    // An empty or foreign body is told apart by the caller, through the schema.
    return null;
  }
}
