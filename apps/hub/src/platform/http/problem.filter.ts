import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '@fairlead/shared/contracts';
import { AppError, type ErrorKind } from '@fairlead/shared/kernel';
import { isDatabaseOutage } from '../database/outage.ts';
import type { Logger } from '../telemetry/logger.ts';

const statusOfKind: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  denied: 403,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
  bug: 500,
};

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

/** Answers of the HTTP layer itself, before any of our code ran. The texts are ours: theirs quote what the caller sent. */
const codesOfStatus: Record<number, { code: string; detail: string }> = {
  400: { code: 'request.invalid', detail: 'The request is not valid.' },
  404: { code: 'request.no-such-route', detail: 'There is no such route.' },
  405: { code: 'request.no-such-route', detail: 'There is no such route.' },
  413: { code: 'request.too-large', detail: 'The request is larger than allowed.' },
  415: { code: 'request.unsupported-media-type', detail: 'The hub reads application/json.' },
  429: { code: 'request.too-many', detail: 'Too many requests; slow down.' },
};

type Described = Pick<Problem, 'status' | 'code' | 'detail'> & { details: Readonly<Record<string, unknown>> };

/** The one place where errors become answers (RFC 9457). What nobody expected is logged in full and told as 500 without a word of it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const described = describe(thrown);
    const traceId = traceIdOf(request);
    if (described.status >= 500) {
      const level = described.status === 503 ? 'warn' : 'error';
      this.#logger[level]({ err: thrown, traceId, route: request.routeOptions.url }, 'a request failed');
    }
    // A stream that has begun has no status left to set; ending it is all that can be done.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.end();
      return;
    }
    const problem = { type: 'about:blank', title: titles[described.status] ?? 'Error', ...described, traceId };
    if (described.status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply.status(described.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

function describe(thrown: unknown): Described {
  if (thrown instanceof AppError) {
    const { code, message, details, kind } = thrown;
    if (kind !== 'bug') return { status: statusOfKind[kind], code, detail: message, details };
  }
  const status = statusOf(thrown);
  if (status !== null && status >= 400 && status < 500) {
    const { code, detail } = codesOfStatus[status] ?? { code: 'request.refused', detail: 'The request is refused.' };
    return { status, code, detail, details: {} };
  }
  if (isDatabaseOutage(thrown)) {
    const detail = 'The database cannot be reached; try again soon.';
    return { status: 503, code: 'hub.database-unavailable', detail, details: {} };
  }
  return {
    status: 500,
    code: 'hub.internal',
    detail: 'The hub made a mistake; its log has the trace id.',
    details: {},
  };
}

function statusOf(thrown: unknown): number | null {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (
    typeof thrown === 'object' &&
    thrown !== null &&
    'statusCode' in thrown &&
    typeof thrown.statusCode === 'number'
  ) {
    return thrown.statusCode;
  }
  return null;
}

/** Trace id of the caller's `traceparent`, else the id of the request. */
function traceIdOf(request: FastifyRequest): string {
  const traceparent = request.headers['traceparent'];
  const found = typeof traceparent === 'string' ? /^00-([0-9a-f]{32})-/.exec(traceparent)?.[1] : undefined;
  return found ?? String(request.id);
}
