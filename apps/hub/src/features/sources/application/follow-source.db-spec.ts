import { createHmac } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { useReading } from '../../../../../../test/harness/reading.ts';
import { HubSecretBox } from '../persistence/hub-secret-box.ts';
import { checkRepositoryUrl } from '../../../platform/git/repository-url.ts';
import { ManageSources } from './manage-sources.ts';
import { ReceiveWebhook, type WebhookCall } from './receive-webhook.ts';

const key = { keyId: 'k', key: Buffer.alloc(32, 3) };
const secret = 'a-webhook-secret-for-tests';
const nowMs = 1_800_000_000_000;

describe('following a source', () => {
  const reading = useReading();
  const secrets = new HubSecretBox({ current: key, all: [key], signing: key });
  const manage = () => new ManageSources({ store: reading().sources, secrets, checkUrl: checkRepositoryUrl });
  const ledger = async (subject: string) => {
    const { rows } = await reading().pool.query<{ action: string; outcome: string; reason: string | null }>(
      'select action, outcome, reason from ledger where subject = $1 order by id',
      [subject],
    );
    return rows;
  };
  const reminders = async (queue: string, id: number) => {
    const { rows } = await reading().pool.query(
      `delete from outbox where effect = 'reminder' and payload->>'queue' = $1 and payload->>'key' = $2 returning id`,
      [queue, String(id)],
    );
    return rows.length;
  };

  it('records a new head once and wants it read', async () => {
    const { id, repository } = await reading().addSource('heads');
    const commit = await repository.commit({ 'a.txt': '1' }, 'Begin');
    await reading().fetchSource.fetch(id);
    expect(await reminders('read-commit', id)).toBe(1);
    await reading().fetchSource.fetch(id);
    expect(await reminders('read-commit', id)).toBe(0);
    expect(await manage().get('heads')).toMatchObject({ state: 'ok', commit, commitSubject: 'Begin', reason: null });
  });

  it('degrades on an unknown ref, says since when, and recovers', async () => {
    const { id, repository } = await reading().addSource('no-ref', 'later');
    const commit = await repository.commit({ 'a.txt': '1' });
    await reading().fetchSource.fetch(id);
    const degraded = await manage().get('no-ref');
    expect(degraded).toMatchObject({ state: 'degraded', commit: null, reason: expect.stringMatching(/"later"/) });
    await reading().fetchSource.fetch(id);
    expect((await manage().get('no-ref')).since).toBe(degraded.since);
    await repository.git('push', '--quiet', 'origin', 'main:later');
    await reading().fetchSource.fetch(id);
    expect(await manage().get('no-ref')).toMatchObject({ state: 'ok', commit, reason: null });
    expect((await ledger('source:no-ref')).map(({ action }) => action)).toEqual([
      'source.add',
      'source.degrade',
      'source.recover',
      'source.commit',
    ]);
  });

  it('keeps the head it had when the repository goes away', async () => {
    const { id, repository, push } = await reading().addSource('gone');
    const commit = await push({ 'a.txt': '1' });
    await rm(repository.directory, { recursive: true });
    await reading().fetchSource.fetch(id);
    expect(await manage().get('gone')).toMatchObject({
      state: 'degraded',
      commit,
      reason: expect.stringMatching(/cannot be reached/),
    });
  });

  it('notes rewritten history and follows it', async () => {
    const { id, repository, push } = await reading().addSource('rewritten');
    await push({ 'a.txt': '1' });
    await push({ 'a.txt': '2' });
    const commit = await repository.rewrite({ 'a.txt': '3' });
    await reading().fetchSource.fetch(id);
    expect(await manage().get('rewritten')).toMatchObject({ state: 'ok', commit });
    expect((await ledger('source:rewritten')).at(-1)).toMatchObject({ reason: 'history was rewritten' });
  });

  it('polls those that are due', async () => {
    const { id } = await reading().addSource('due');
    expect(await reading().sources.listDue()).toContain(id);
    await reading().fetchSource.fetch(id);
    expect(await reading().sources.listDue()).not.toContain(id);
    await reading().pool.query(`update sources set fetched_at = now() - interval '2 hours' where id = $1`, [id]);
    expect(await reading().sources.listDue()).toContain(id);
  });

  it('refuses credentials in the URL and a name that is taken, and stores webhook secrets sealed', async () => {
    const request = { name: 'managed', ref: 'main', pollIntervalSeconds: 60 };
    await expect(manage().add({ ...request, url: 'https://a:b@example.org/x.git' }, 'ada')).rejects.toMatchObject({
      code: 'git.url-refused',
    });
    await manage().add({ ...request, url: '/srv/x.git', webhookSecret: secret }, 'ada');
    await expect(manage().add({ ...request, url: '/srv/y.git' }, 'ada')).rejects.toMatchObject({
      code: 'source.exists',
    });
    const { rows } = await reading().pool.query<{ row: string }>(
      `select to_jsonb(s)::text as row from sources s where name = 'managed'`,
    );
    expect(rows[0]?.row).not.toContain(secret);
    expect(rows[0]?.row).not.toContain(Buffer.from(secret).toString('base64').slice(0, 20));
  });

  describe('by webhook', () => {
    const body = Buffer.from('{"ref": "main"}');
    const sign = (content: Uint8Array, by = secret) =>
      `sha256=${createHmac('sha256', by).update(content).digest('hex')}`;
    const call = (overrides: Partial<WebhookCall> = {}): WebhookCall => ({
      source: 'hooked',
      body,
      signature: sign(body),
      delivery: 'delivery-1',
      timestamp: String(nowMs / 1000),
      ...overrides,
    });
    const receive = () => new ReceiveWebhook({ store: reading().sources, secrets, clock: { nowMs: () => nowMs } });
    let id = 0;

    beforeAll(async () => {
      const request = { name: 'hooked', ref: 'main', pollIntervalSeconds: 60, url: '/srv/x.git' };
      ({ id } = await manage().add({ ...request, webhookSecret: secret }, 'ada'));
      await manage().add({ ...request, name: 'unhooked' }, 'ada');
      await reminders('fetch-source', id);
    });

    it('fetches once for a delivery', async () => {
      expect(await receive().receive(call())).toEqual({ outcome: 'accepted' });
      expect(await receive().receive(call())).toEqual({ outcome: 'duplicate' });
      expect(await reminders('fetch-source', id)).toBe(1);
    });

    it.each([
      ['a wrong signature', { signature: sign(body, 'another secret') }, 'wrong signature'],
      ['another body', { body: Buffer.from('{}') }, 'wrong signature'],
      ['no signature', { signature: undefined }, 'wrong signature'],
      ['a malformed signature', { signature: 'sha256=zz' }, 'wrong signature'],
      ['no delivery id', { delivery: undefined }, 'no usable delivery id'],
      ['an old timestamp', { timestamp: String(nowMs / 1000 - 301) }, 'timestamp outside the window'],
      ['a timestamp that is none', { timestamp: 'now' }, 'timestamp outside the window'],
    ])('refuses %s with a ledger entry and no fetch', async (_, overrides, reason) => {
      await expect(receive().receive(call({ delivery: 'delivery-2', ...overrides }))).rejects.toMatchObject({
        code: 'webhook.refused',
        kind: 'unauthenticated',
      });
      expect((await ledger('source:hooked')).at(-1)).toMatchObject({ outcome: 'refused', reason });
      expect(await reminders('fetch-source', id)).toBe(0);
    });

    it('gives sources without secret and unknown ones the same answer', async () => {
      const answers = await Promise.all(
        ['unhooked', 'unknown'].map((source) =>
          receive()
            .receive(call({ source }))
            .catch((error: Error) => error.message),
        ),
      );
      expect(new Set(answers).size).toBe(1);
    });

    it('writes at most sixty refusals a minute', async () => {
      const before = (await ledger('source:flooded')).length;
      const hook = receive();
      for (let each = 0; each < 70; each += 1) {
        await hook.receive(call({ source: 'flooded' })).catch(() => null);
      }
      expect((await ledger('source:flooded')).length - before).toBe(60);
    });
  });
});
