import { usePostgres } from '../../../test/harness/postgres.ts';
import { useHub } from './use-hub.ts';

const database = usePostgres();
const hub = useHub(database);

describe('the HTTP service', () => {
  it('says that it lives and is ready, and its version, to anybody', async () => {
    expect(await hub().call('GET', '/healthz', undefined, null)).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await hub().call('GET', '/readyz', undefined, null)).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await hub().call('GET', '/v1/system/version', undefined, null)).toMatchObject({
      status: 200,
      body: { version: expect.stringMatching(/^\d+\.\d+\.\d+/) as unknown },
    });
  });

  it('describes itself as OpenAPI 3.1', async () => {
    const { status, body } = await hub().call('GET', '/openapi.json', undefined, null);
    expect(status).toBe(200);
    const document = body as { openapi: string; paths: Record<string, unknown> };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/v1/clusters', '/v1/join-tokens', '/agent/v1/enroll', '/agent/v1/snapshots/{digest}']),
    );
  });

  it('names all mistakes of a request by field', async () => {
    const { status, body } = await hub().call('POST', '/v1/join-tokens', { maxUses: 0, ttl: 5 });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'request.invalid',
      details: { problems: [{ field: 'maxUses' }, { problem: expect.stringContaining('ttl') as unknown }] },
    });
  });

  it.each([
    ['an unknown route', '/v1/nothing', { method: 'GET' }, 404, 'request.no-such-route'],
    ['broken JSON', '/v1/join-tokens', { method: 'POST', body: '{"maxUses":' }, 400, 'request.invalid'],
    [
      'a body that is too large',
      '/v1/join-tokens',
      { method: 'POST', body: `"${'x'.repeat(1_100_000)}"` },
      413,
      'request.too-large',
    ],
  ])('answers %s with a problem document', async (_, path, init, status, code) => {
    const response = await fetch(new URL(path, hub().url), {
      ...init,
      headers: {
        authorization: `Bearer ${hub().adminToken}`,
        ...('body' in init ? { 'content-type': 'application/json' } : {}),
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code, traceId: '0af7651916cd43dd8448eb211c80319c' });
  });

  it('refuses what it does not know who asks', async () => {
    expect(await hub().call('GET', '/v1/clusters', undefined, null)).toMatchObject({ status: 401 });
    expect(await hub().call('GET', '/v1/clusters', undefined, 'flt_wrong')).toMatchObject({ status: 401 });
  });

  it('says what is not ready when the schema is behind', async () => {
    const { rows } = await database.pool.query<{ id: number; name: string; run_on: Date }>(
      `delete from schema_migrations where name = '0001_initial' returning id, name, run_on`,
    );
    expect(await hub().call('GET', '/readyz', undefined, null)).toMatchObject({
      status: 503,
      body: { code: 'hub.not-ready', details: { failing: ['database'] } },
    });
    const [row] = rows;
    await database.pool.query(
      `insert into schema_migrations (id, name, run_on) overriding system value values ($1, $2, $3)`,
      [row?.id, row?.name, row?.run_on],
    );
    expect((await hub().call('GET', '/readyz', undefined, null)).status).toBe(200);
  });
});
