import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AppId, ClusterId } from '@fairlead/shared/kernel';
import { eventually } from '@fairlead/shared/test-kit';
import { usePostgres } from '../../../../../../test/harness/postgres.ts';
import { loadConfig } from '../../../platform/config/config.ts';
import { inTransaction } from '../../../platform/database/pool.ts';
import { createHttpApp } from '../../../platform/http/http-app.ts';
import { PlatformModule } from '../../../platform/platform.module.ts';
import { createPlatform, type Platform } from '../../../platform/platform.ts';
import { DriftModule } from '../drift.module.ts';
import { recordDrift } from '../persistence/pg-record-drift.ts';

const database = usePostgres();
const dataDir = mkdtempSync(join(tmpdir(), 'fairlead-drift-'));
let platform: Platform;
let app: NestFastifyApplication;
let baseUrl: string;

beforeAll(async () => {
  await database.pool.query(`
    insert into sources (name, url, ref, poll_interval_seconds) values ('s', 'x', 'main', 60);
    insert into app_groups (name, source_id) values ('g', 1);
    insert into apps (name, source_id, group_id, directory, state) values ('orders', 1, 1, 'o', 'ok');
    insert into clusters (name, fingerprint) values ('eu', 'a')`);
  const config = loadConfig({ FAIRLEAD_DATA_DIR: dataDir, FAIRLEAD_LOG_LEVEL: 'silent' });
  platform = createPlatform(config, { databaseUrl: database.url });
  @Module({ imports: [PlatformModule.of(platform), DriftModule] })
  class DriftOnlyModule {}
  app = await createHttpApp(platform, DriftOnlyModule);
  await app.listen({ host: '127.0.0.1', port: 0 });
  baseUrl = await app.getUrl();
  await platform.start();
}, 60_000);

afterAll(async () => {
  app.getHttpServer().closeAllConnections();
  await app.close();
  await platform.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

function report(path: string) {
  const firstSeenAt = new Date().toISOString();
  const item = {
    object: 'apps/Deployment/shop/orders',
    apiVersion: 'apps/v1',
    path,
    change: 'changed' as const,
    contended: false,
    desired: 3,
    live: 5,
    manager: 'kubectl-edit',
    operation: 'Update',
    managerAt: firstSeenAt,
    confidence: 'high' as const,
    firstSeenAt,
  };
  const target = { clusterId: 1 as ClusterId, appId: 1 as AppId, counter: 1, digest: 'd', at: firstSeenAt };
  return inTransaction(platform.pool, (tx) => recordDrift(tx, { ...target, opened: [item], closed: [] }));
}

/** What a stream has said so far. */
async function openStream(headers: Record<string, string> = {}) {
  const end = new AbortController();
  const response = await fetch(`${baseUrl}/v1/drift/events`, { headers, signal: end.signal });
  const said = { text: '' };
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) said.text += decoder.decode(chunk, { stream: true });
  })().catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  return {
    said,
    type: response.headers.get('content-type'),
    close: async () => {
      end.abort();
      await reading;
    },
  };
}

const idsOf = (text: string) => [...text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id!);

describe('drift over HTTP', () => {
  it('streams what is recorded, and continues behind the last event id', async () => {
    const first = await openStream();
    expect(first.type).toContain('text/event-stream');
    await eventually(async () => {
      await report(`/spec/a${Math.round(performance.now())}`);
      expect(first.said.text).toContain('event: drift');
    });
    expect(first.said.text).toContain('"cluster":"eu"');
    const [id] = idsOf(first.said.text);
    await first.close();

    await report('/spec/later');
    const second = await openStream({ 'last-event-id': id! });
    await eventually(() => expect(second.said.text).toContain('/spec/later'));
    expect(idsOf(second.said.text)).not.toContain(id);
    await second.close();
  });

  it('answers a wrong event id with a status, not with a broken stream', async () => {
    const response = await fetch(`${baseUrl}/v1/drift/events`, { headers: { 'last-event-id': 'x' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'request.invalid-cursor' });
  });

  it('lists and reports', async () => {
    await report('/spec/replicas');
    const list = await (await fetch(`${baseUrl}/v1/drift?app=orders&path=/spec/replicas&limit=1`)).json();
    expect(list).toMatchObject({ items: [{ app: 'orders', cluster: 'eu', desired: 3, live: 5 }], next: null });
    const summary = await (await fetch(`${baseUrl}/v1/drift/report?groupBy=manager`)).json();
    expect(summary).toMatchObject({ groupBy: 'manager', groups: [{ key: 'kubectl-edit', clusters: 1 }] });
  });

  it.each(['groupBy=colour', 'since=yesterday', 'limit=0', 'unknown=1'])('refuses the query %s', async (query) => {
    const path = query.startsWith('groupBy') || query.startsWith('since') ? 'drift/report' : 'drift';
    const response = await fetch(`${baseUrl}/v1/${path}?${query}`);
    expect(await response.json()).toMatchObject({ status: 400, code: 'request.invalid' });
  });
});
