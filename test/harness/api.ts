import type { z } from 'zod';
import { Problem } from '@fairlead/shared/contracts';

/** A refusal of the hub, as tests see it. */
class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(status: number, code: string, detail: string, details: Record<string, unknown>) {
    super(`${status} ${code}: ${detail} ${JSON.stringify(details)}`);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export interface Api {
  get<T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>>;
  post<T extends z.ZodType>(path: string, body: unknown, schema: T): Promise<z.infer<T>>;
  /** A call whose answer nobody reads. */
  send(method: string, path: string, body?: unknown): Promise<void>;
}

/** REST access that checks every answer against the contract. */
export function connectApi(baseUrl: () => string, token: () => string): Api {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(new URL(path, baseUrl()), {
      method,
      headers: {
        authorization: `Bearer ${token()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return text === '' ? null : JSON.parse(text);
    const problem = Problem.safeParse(text === '' ? null : JSON.parse(text));
    if (!problem.success)
      throw new Error(`${method} ${path} answered ${response.status} without a problem document: ${text}`);
    throw new ApiProblem(response.status, problem.data.code, problem.data.detail, problem.data.details);
  };
  return {
    get: async (path, schema) => schema.parse(await call('GET', path)) as z.infer<typeof schema>,
    post: async (path, body, schema) => schema.parse(await call('POST', path, body)) as z.infer<typeof schema>,
    send: async (method, path, body) => {
      await call(method, path, body);
    },
  };
}
