import { KubeError, readAnswer } from './kube-error.ts';
import type { KubeFailure } from './kube-error.ts';

const status = (message: string, details: object = {}) =>
  JSON.stringify({ kind: 'Status', message, reason: 'Some', details });

describe('an answer of the API server', () => {
  it.each<[string, number, string, string | undefined, KubeFailure]>([
    ['strict decoding', 400, status('strict decoding error: unknown field "spec.x"'), undefined, 'permanent'],
    [
      'a webhook without dry run',
      400,
      status('admission webhook "x" does not support dry run'),
      undefined,
      'no-dry-run',
    ],
    ['an old token', 401, status('Unauthorized'), undefined, 'unauthorized'],
    ['missing rights', 403, status('pods is forbidden'), undefined, 'denied'],
    [
      'a namespace on its way out',
      403,
      status('forbidden', { causes: [{ reason: 'NamespaceTerminating' }] }),
      undefined,
      'terminating',
    ],
    ['a missing namespace', 404, status('namespaces "shop" not found'), undefined, 'no-namespace'],
    ['an unknown kind', 404, '404 page not found\n', undefined, 'not-found'],
    ['a lost race', 409, status('the object has been modified'), undefined, 'conflict'],
    ['a version it has forgotten', 410, status('too old resource version'), undefined, 'expired'],
    ['a body that is too large', 413, status('limit is 3145728'), undefined, 'permanent'],
    ['an immutable field', 422, status('x is invalid: spec.selector: field is immutable'), undefined, 'immutable'],
    [
      'an immutable field in a cause',
      422,
      status('x', { causes: [{ message: 'may not be changed' }] }),
      undefined,
      'immutable',
    ],
    ['an invalid value', 422, status('spec.replicas: must be greater than 0'), undefined, 'permanent'],
    [
      'a text that only says "not immutable"',
      422,
      status('the field is not immutable, but wrong'),
      undefined,
      'permanent',
    ],
    ['throttling', 429, status('slow down'), '7', 'throttled'],
    ['a busy server that says when', 503, status('busy'), '1', 'throttled'],
    [
      'a schema error',
      500,
      status('failed to create typed patch object: field not declared in schema'),
      undefined,
      'permanent',
    ],
    ['an object too large for etcd', 500, status('etcdserver: request is too large'), undefined, 'permanent'],
    ['a webhook that is down', 500, status('failed calling webhook "x"'), undefined, 'retry'],
    ['a server that is down', 503, status('no endpoints'), undefined, 'retry'],
    ['no answer', 0, '', undefined, 'retry'],
  ])('with %s', (_name, code, body, retryAfter, failure) => {
    expect(new KubeError(readAnswer(code, body, retryAfter)).failure).toBe(failure);
  });

  it('keeps how long to wait, and the fields it is about', () => {
    const error = new KubeError(readAnswer(429, status('x', { causes: [{ field: 'spec.a', message: 'm' }] }), '7'));
    expect([error.retryAfterMs, error.causes[0]?.field]).toEqual([7_000, 'spec.a']);
  });
});
