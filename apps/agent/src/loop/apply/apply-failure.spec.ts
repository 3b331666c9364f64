import { KubeError, groupSilent, noAnswer, readAnswer, unreadable } from '../../kube/kube-error.ts';
import { applyFailure } from './apply-failure.ts';

const answer = (status: number, message: string, details: object = {}, retryAfter?: string) =>
  new KubeError(readAnswer(status, JSON.stringify({ message, reason: 'Some', details }), retryAfter));
const rights = 'configmaps "a" is forbidden: User "u" cannot patch resource "configmaps" in API group ""';

describe('the failure of one object', () => {
  it.each([
    ['[case 166] an unknown field', answer(500, '.spec.x: field not declared in schema'), 'Invalid', 'never'],
    ['[case 167] a duplicate key', answer(500, '.ports: duplicate entries for key [p=1]'), 'Invalid', 'never'],
    ['strict decoding', answer(400, 'strict decoding error: unknown field "x"'), 'Invalid', 'never'],
    ['an immutable field', answer(422, 'spec.selector: field is immutable'), 'ImmutableFieldChanged', 'never'],
    ['an object for no database', answer(500, 'etcdserver: request is too large'), 'TooLarge', 'never'],
    ['a body for no server', answer(413, 'limit is 3145728'), 'TooLarge', 'never'],
    ['a server without apply', answer(415, 'not supported'), 'ServerSideApplyNotAvailable', 'never'],
    ['[case 176] missing rights', answer(403, rights), 'Forbidden', 'rights'],
    ['a quota', answer(403, 'exceeded quota: q'), 'Refused', 'slow'],
    [
      'a namespace that goes',
      answer(403, 'x', { causes: [{ reason: 'NamespaceTerminating' }] }),
      'NamespaceTerminating',
      'soon',
    ],
    ['a missing namespace', answer(404, 'namespaces "x" not found'), 'NamespaceMissing', 'soon'],
    ['a kind that is not served', answer(404, '404 page not found'), 'KindNotServed', 'backoff'],
    ['[case 182] a quota being counted', quotaRace(), 'QuotaConflict', 'fast'],
    ['a conflict', answer(409, 'x'), 'Conflict', 'soon'],
    ['a forgotten version', answer(410, 'x'), 'Unavailable', 'soon'],
    ['[case 178] a webhook', answer(500, 'failed calling webhook "x"'), 'WebhookUnavailable', 'backoff'],
    ['[case 179] a conversion', answer(500, 'conversion webhook for x failed: y'), 'WebhookUnavailable', 'backoff'],
    ['a database without leader', answer(500, 'etcdserver: leader changed'), 'Unavailable', 'soon'],
    ['a busy group', answer(503, 'busy', {}, '1'), 'Throttled', 'backoff'],
    ['a silent group', noAnswer('x', groupSilent), 'ApiGroupUnavailable', 'soon'],
    ['an answer cut short', noAnswer('x', unreadable), 'Unavailable', 'soon'],
  ])('is known for %s', (_name, error, reason, retry) => {
    expect(applyFailure(error, { isSecret: false })).toMatchObject({ reason, retry, permanent: retry === 'never' });
  });

  it.each([
    ['no connection', noAnswer('x', 'ECONNREFUSED')],
    ['an identity that is not accepted', answer(401, 'Unauthorized')],
    ['too many requests', answer(429, 'slow down', {}, '7')],
  ])('is none of the object with %s', (_name, error) => {
    expect(applyFailure(error, { isSecret: false })).toBeNull();
  });

  it('tells the verb and the kind that are not allowed, also of a Secret, and never what is in one', () => {
    expect(applyFailure(answer(403, rights), { isSecret: true })?.message).toBe(rights);
    const invalid = answer(422, 'data: Invalid value: "hunter2"', { causes: [{ field: 'data', message: 'hunter2' }] });
    expect(applyFailure(invalid, { isSecret: true })?.message).toBe(
      'the API server refused the Secret (422 Some) data',
    );
  });
});

function quotaRace(): KubeError {
  return answer(409, 'Operation cannot be fulfilled on resourcequotas "q": the object has been modified');
}
