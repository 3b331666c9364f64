import { decideEnrolment, type EnrolmentFacts } from './enrolment.ts';

const nowMs = 1_000_000;
const token = {
  namePattern: 'eu-*',
  maxUses: 2,
  uses: 1,
  createdAtMs: 900_000,
  expiresAtMs: 1_100_000,
  revokedAtMs: null,
};
const facts = (overrides: Partial<EnrolmentFacts>): EnrolmentFacts => ({
  clusterName: 'eu-1',
  fingerprint: 'uid-1',
  keyId: 'k1',
  token,
  cluster: null,
  key: null,
  ...overrides,
});

describe('enrolment', () => {
  it('lets a new cluster in', () => {
    expect(decideEnrolment(facts({}), nowMs)).toEqual({ ok: true, isNew: true, consumesUse: true });
  });

  it.each([
    ['unknown-token', facts({ token: null })],
    ['expired-token', facts({ token: { ...token, expiresAtMs: nowMs } })],
    ['revoked-token', facts({ token: { ...token, revokedAtMs: 950_000 } })],
    ['used-up-token', facts({ token: { ...token, uses: 2 } })],
    ['name-not-allowed', facts({ clusterName: 'us-1' })],
    ['name-taken', facts({ cluster: { fingerprint: 'uid-2', revokedAtMs: null } })],
    ['token-older-than-revocation', facts({ cluster: { fingerprint: 'uid-1', revokedAtMs: 950_000 } })],
    ['key-of-another-cluster', facts({ key: { clusterName: 'eu-2', revokedAtMs: null } })],
  ])('refuses: %s', (reason, given) => {
    expect(decideEnrolment(given, nowMs)).toEqual({ ok: false, reason });
  });

  it('replaces the key of a cluster that has the same fingerprint', () => {
    const known = facts({ cluster: { fingerprint: 'uid-1', revokedAtMs: null } });
    expect(decideEnrolment(known, nowMs)).toEqual({ ok: true, isNew: false, consumesUse: true });
  });

  it('answers a retry again without taking another use', () => {
    const retry = facts({
      token: { ...token, uses: 2 },
      cluster: { fingerprint: 'uid-1', revokedAtMs: null },
      key: { clusterName: 'eu-1', revokedAtMs: null },
    });
    expect(decideEnrolment(retry, nowMs)).toEqual({ ok: true, isNew: false, consumesUse: false });
  });

  it('lets a revoked cluster back with a newer token', () => {
    const back = facts({ cluster: { fingerprint: 'uid-1', revokedAtMs: 800_000 } });
    expect(decideEnrolment(back, nowMs)).toEqual({ ok: true, isNew: false, consumesUse: true });
  });
});
