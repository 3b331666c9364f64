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
    [
      'a webhook that denies',
      400,
      status('admission webhook "x.example" denied the request: no'),
      undefined,
      'refused',
    ],
    ['managed fields in the object', 400, status('metadata.managedFields must be nil'), undefined, 'permanent'],
    [
      'missing rights',
      403,
      status('pods "a" is forbidden: User "system:serviceaccount:b:c" cannot patch resource "pods" in API group ""'),
      undefined,
      'denied',
    ],
    [
      'rights that somebody without them would give',
      403,
      status('roles "a" is forbidden: user "x" is attempting to grant RBAC permissions not currently held:'),
      undefined,
      'denied',
    ],
    ['a quota', 403, status('pods "a" is forbidden: exceeded quota: q, requested: pods=1'), undefined, 'refused'],
    ['a limit range', 403, status('pods "a" is forbidden: maximum cpu usage is 1'), undefined, 'refused'],
    [
      'a namespace on its way out',
      403,
      status('forbidden', { causes: [{ reason: 'NamespaceTerminating' }] }),
      undefined,
      'terminating',
    ],
    ['a missing namespace', 404, status('namespaces "shop" not found'), undefined, 'no-namespace'],
    ['an unknown group', 404, '404 page not found\n', undefined, 'no-kind'],
    ['an unknown kind', 404, status('the server could not find the requested resource'), undefined, 'no-kind'],
    ['an unknown object', 404, status('configmaps "a" not found'), undefined, 'not-found'],
    [
      'a lost race for a quota',
      409,
      status('Operation cannot be fulfilled on resourcequotas "q": the object has been modified'),
      undefined,
      'quota-race',
    ],
    [
      'a newer object of the name',
      409,
      status('Operation cannot be fulfilled on pods "a": Precondition failed: UID in precondition'),
      undefined,
      'conflict',
    ],
    ['a lost race', 409, status('the object has been modified'), undefined, 'conflict'],
    ['a version it has forgotten', 410, status('too old resource version'), undefined, 'expired'],
    ['a body that is too large', 413, status('limit is 3145728'), undefined, 'too-large'],
    ['a server without server-side apply', 415, status('not supported'), undefined, 'no-apply'],
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
    ['an object too large for etcd', 500, status('etcdserver: request is too large'), undefined, 'too-large'],
    [
      'an object too large for the database client',
      500,
      status('rpc error: trying to send message larger than max (2 vs. 1)'),
      undefined,
      'too-large',
    ],
    ['a duplicate list key', 500, status('x: duplicate entries for key [containerPort=1]'), undefined, 'permanent'],
    ['a webhook that is down', 500, status('failed calling webhook "x"'), undefined, 'webhook'],
    [
      'a conversion webhook that is down',
      500,
      status('conversion webhook for example.dev/v1, Kind=Gate failed: Post'),
      undefined,
      'webhook',
    ],
    ['a database that elects', 500, status('etcdserver: leader changed'), undefined, 'retry'],
    ['a gateway that waited', 504, status('timed out'), undefined, 'retry'],
    ['a server that is down', 503, status('no endpoints'), undefined, 'retry'],
    ['no answer', 0, '', undefined, 'retry'],
  ])('with %s', (_name, code, body, retryAfter, failure) => {
    expect(new KubeError(readAnswer(code, body, retryAfter)).failure).toBe(failure);
  });

  it('keeps how long to wait, and the fields it is about', () => {
    const error = new KubeError(readAnswer(429, status('x', { causes: [{ field: 'spec.a', message: 'm' }] }), '7'));
    expect([error.retryAfterMs, error.causes[0]?.field]).toEqual([7_000, 'spec.a']);
  });

  it.each([
    [
      '[case 21] of a rule of a definition',
      'Gate "x" is invalid: spec.size: Invalid value: "integer": size is immutable',
    ],
    ['[case 21] of a role binding', 'roleRef: Invalid value: {"name":"edit"}: cannot change roleRef'],
    ['[case 21] of a storage class', 'parameters: Forbidden: updates to parameters are forbidden.'],
    [
      '[case 21] of a stateful set',
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'template' are forbidden",
    ],
  ])('about a field that cannot change is told apart: %s', (_what, message) => {
    expect(new KubeError(readAnswer(422, status(message), undefined)).failure).toBe('immutable');
    expect(new KubeError(readAnswer(409, status(message), undefined)).failure).toBe('conflict');
    const denied = message.replace(/immutable/, 'not immutable');
    if (denied !== message) expect(new KubeError(readAnswer(422, status(denied), undefined)).failure).toBe('permanent');
  });
});
