import { defaultTargetSettings } from '@fairlead/shared/contracts';
import {
  AgentTokenResponse,
  agentProtocol as contract,
  EnrollResponse,
  HubMessage,
  SnapshotResponse,
} from '@fairlead/shared/contracts';
import type { Assignment } from '@fairlead/shared/contracts';
import { check } from './shape.ts';
import { agentProtocol, agentTokenResponse, enrollResponse, readHubMessage, snapshotResponse } from './wire.ts';

const assignment: Assignment = {
  app: 'shop',
  counter: 3,
  digest: 'a'.repeat(64),
  release: { id: 1, group: 'shop', number: 2, commit: 'c0ffee' },
  mode: 'reconcile',
  deletion: null,
  settings: {
    ...defaultTargetSettings,
    namespace: null,
    createNamespace: true,
    driftMode: 'correct',
    prune: { ...defaultTargetSettings.prune, confirm: ['Namespace'] },
  },
  confirmedPrune: null,
  traceparent: null,
};
const messages: HubMessage[] = [
  {
    type: 'welcome',
    protocolVersion: { major: 1, minor: 0 },
    epoch: 4,
    serverTime: '2026-01-01T00:00:00.000Z',
    heartbeatIntervalMs: 30_000,
    sealingKeys: [{ keyId: 'k1', key: 'AAAA' }],
  },
  { type: 'assign', assignments: [assignment, { ...assignment, mode: 'frozen' }] },
  { type: 'received', epoch: 1, report: 9 },
  { type: 'unsupported', receivedType: 'later' },
];

describe('messages of the hub', () => {
  it('speak the version of the contract', () => {
    expect(agentProtocol).toEqual(contract);
  });

  it.each(messages)('$type is read, with fields that a newer hub may add', (message) => {
    const frame = JSON.stringify({ ...message, fromTheFuture: true });
    expect(readHubMessage(frame)).toMatchObject({ kind: 'message', message });
  });

  it('of an unknown type are named, not refused', () => {
    expect(readHubMessage('{"type":"job","jobId":1}')).toEqual({ kind: 'unknown', type: 'job' });
    expect(readHubMessage('not json')).toMatchObject({ kind: 'broken' });
  });

  // Whatever field is missing or has another type: the contract's schemas and the agent's own checks say the same.
  it.each(messages)('$type is judged as the contract judges it when one value in it is wrong', (message) => {
    let compared = 0;
    for (const broken of everyWrongValue(message)) {
      if (typeof (broken as { type?: unknown } | null | undefined)?.type !== 'string') continue;
      const isGood = HubMessage.safeParse(broken).success;
      expect([JSON.stringify(broken), readHubMessage(JSON.stringify(broken)).kind === 'message']).toEqual([
        JSON.stringify(broken),
        isGood,
      ]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(3);
  });

  it.each([
    ['enrolment', EnrollResponse, enrollResponse, { clusterId: 1, clusterName: 'c', keyId: 'k', audience: 'a' }],
    [
      'access token',
      AgentTokenResponse,
      agentTokenResponse,
      { access_token: 't', token_type: 'Bearer', expires_in: 600 },
    ],
    [
      'snapshot',
      SnapshotResponse,
      snapshotResponse,
      {
        digest: 'a'.repeat(64),
        objects: [{ id: '/a/b/c', digest: 'b'.repeat(64) }],
        blobs: [{ digest: 'b'.repeat(64), json: '{}' }],
      },
    ],
  ] as const)('the answer with the %s is judged as the contract judges it', (_name, schema, shape, answer) => {
    expect(check<unknown>(shape, answer).ok).toBe(true);
    for (const broken of everyWrongValue(answer)) {
      expect([broken, check<unknown>(shape, broken).ok]).toEqual([broken, schema.safeParse(broken).success]);
    }
  });
});

/** The value with one of its parts missing, null, of another type or empty: one copy for each. */
function* everyWrongValue(value: unknown): Generator<unknown> {
  for (const wrong of [undefined, null, 1.5, 'wrong', true, {}, []]) yield wrong;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const wrong of everyWrongValue(item)) yield value.with(index, wrong ?? null);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, field] of Object.entries(value))
      for (const wrong of everyWrongValue(field)) yield { ...value, [key]: wrong };
  }
}
