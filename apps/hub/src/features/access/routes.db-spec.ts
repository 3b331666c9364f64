import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module, RequestMethod } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { roles, type Permission, type Role } from '@fairlead/shared/contracts';
import { usePostgres } from '../../../../../test/harness/postgres.ts';
import { HubModule } from '../../hub.module.ts';
import { systemClock } from '../../platform/clock/clock.ts';
import { loadConfig } from '../../platform/config/config.ts';
import { REQUIRED_PERMISSION } from '../../platform/http/access.decorators.ts';
import { createHttpApp } from '../../platform/http/http-app.ts';
import { PlatformModule } from '../../platform/platform.module.ts';
import { createPlatform, type Platform } from '../../platform/platform.ts';
import { ManageApiTokens } from './application/manage-api-tokens.ts';
import { PgApiTokenStore } from './persistence/pg-api-token.store.ts';

/** Every route of the hub and what it asks of its caller. A new route fails this spec until it has a row here. */
const table: Record<string, Permission | 'public'> = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /openapi.json': 'public',
  'GET /v1/system/version': 'public',
  'POST /agent/v1/enroll': 'public',
  'POST /agent/v1/token': 'public',
  'POST /agent/v1/snapshots/:digest': 'public',
  'POST /hooks/generic/:source': 'public',
  'GET /v1/whoami': 'fleet.read',
  'GET /v1/api-tokens': 'access.manage',
  'POST /v1/api-tokens': 'access.manage',
  'DELETE /v1/api-tokens/:id': 'access.manage',
  'GET /v1/clusters': 'fleet.read',
  'GET /v1/clusters/:name': 'fleet.read',
  'PATCH /v1/clusters/:name/labels': 'clusters.manage',
  'POST /v1/clusters/:name/revoke': 'clusters.manage',
  'GET /v1/join-tokens': 'clusters.manage',
  'POST /v1/join-tokens': 'clusters.manage',
  'DELETE /v1/join-tokens/:id': 'clusters.manage',
  'GET /v1/sources': 'fleet.read',
  'POST /v1/sources': 'sources.manage',
  'GET /v1/sources/:name': 'fleet.read',
  'POST /v1/sources/:name/sync': 'targets.operate',
  'POST /v1/sources/:name/previews': 'targets.operate',
  'GET /v1/apps': 'fleet.read',
  'GET /v1/apps/:name': 'fleet.read',
  'GET /v1/releases': 'fleet.read',
  'GET /v1/releases/:id': 'fleet.read',
  'GET /v1/releases/:id/diff': 'fleet.read',
  'GET /v1/releases/:id/targets': 'fleet.read',
  'GET /v1/releases/:id/targets/:app/:cluster/manifests': 'fleet.read',
  'GET /v1/targets': 'fleet.read',
  'GET /v1/targets/:app/:cluster': 'fleet.read',
  'GET /v1/targets/:app/:cluster/explain': 'fleet.read',
  'POST /v1/targets/:app/:cluster/confirm-prune': 'rollouts.manage',
  'GET /v1/groups': 'fleet.read',
  'GET /v1/groups/:group': 'fleet.read',
  'GET /v1/groups/:group/diff': 'fleet.read',
  'POST /v1/groups/:group/rollback': 'rollouts.manage',
  'POST /v1/groups/:group/hold': 'rollouts.manage',
  'POST /v1/groups/:group/release-hold': 'rollouts.manage',
  'POST /v1/groups/:group/unquarantine': 'rollouts.manage',
  'POST /v1/rollout-plans': 'fleet.read',
  'GET /v1/rollouts': 'fleet.read',
  'POST /v1/rollouts': 'rollouts.manage',
  'GET /v1/rollouts/:id': 'fleet.read',
  'GET /v1/rollouts/:id/waves': 'fleet.read',
  'GET /v1/rollouts/:id/targets': 'fleet.read',
  'GET /v1/rollouts/:id/events': 'fleet.read',
  'POST /v1/rollouts/:id/pause': 'targets.operate',
  'POST /v1/rollouts/:id/resume': 'targets.operate',
  'POST /v1/rollouts/:id/retry': 'targets.operate',
  'POST /v1/rollouts/:id/cancel': 'rollouts.manage',
  'POST /v1/rollouts/:id/rollback': 'rollouts.manage',
  'GET /v1/drift': 'fleet.read',
  'GET /v1/drift/report': 'fleet.read',
  'GET /v1/drift/events': 'fleet.read',
  'GET /v1/ledger': 'ledger.read',
  'GET /v1/ledger/verify': 'ledger.read',
};

/** Who has what, written down a second time on purpose: the guard is tested against this and not against itself. */
const holders: Record<Permission, readonly Role[]> = {
  'fleet.read': roles,
  'ledger.read': roles,
  'targets.operate': ['operator', 'release-manager', 'admin'],
  'rollouts.manage': ['release-manager', 'admin'],
  'clusters.manage': ['cluster-admin', 'admin'],
  'sources.manage': ['admin'],
  'access.manage': ['admin'],
};

interface Route {
  method: string;
  path: string;
  declared: unknown;
}

const database = usePostgres();
const dataDir = mkdtempSync(join(tmpdir(), 'fairlead-routes-'));
const tokens = new Map<Role, string>();
let platform: Platform;
let app: NestFastifyApplication;
let baseUrl: string;
let routes: Route[];
let asked = 0;

beforeAll(async () => {
  const config = loadConfig({
    FAIRLEAD_DATA_DIR: dataDir,
    FAIRLEAD_LOG_LEVEL: 'silent',
    FAIRLEAD_PORT: '0',
    FAIRLEAD_TRUST_PROXY: 'true',
  });
  platform = createPlatform(config, { databaseUrl: database.url });
  @Module({ imports: [PlatformModule.of(platform), HubModule, DiscoveryModule] })
  class RoutesModule {}
  app = await createHttpApp(platform, RoutesModule);
  routes = findRoutes(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  baseUrl = await app.getUrl();
  const manage = new ManageApiTokens({
    store: new PgApiTokenStore(database.pool),
    clock: systemClock,
    onRevoked: () => {},
  });
  for (const role of roles) {
    const request = { principal: role, principalKind: 'robot', role, ttlSeconds: 600, description: '' } as const;
    tokens.set(role, (await manage.issue(request, 'test')).token);
  }
}, 60_000);

afterAll(async () => {
  app.getHttpServer().closeAllConnections();
  await app.close();
  await platform.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** All routes of all controllers, also of those that the OpenAPI document leaves out. */
function findRoutes(from: NestFastifyApplication): Route[] {
  const scanner = new MetadataScanner();
  return from
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ metatype }) => {
      if (!metatype) return [];
      const prototype: object = metatype.prototype;
      return scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler: unknown = Reflect.get(prototype, name);
        if (typeof handler !== 'function') return [];
        const method: unknown = Reflect.getMetadata('method', handler);
        if (typeof method !== 'number') return [];
        return pathsOf(metatype).flatMap((prefix) =>
          pathsOf(handler).map((suffix) => ({
            method: RequestMethod[method] ?? '',
            path: `/${[prefix, suffix]
              .map((part) => part.replace(/^\/|\/$/g, ''))
              .filter(Boolean)
              .join('/')}`,
            declared:
              Reflect.getMetadata(REQUIRED_PERMISSION, handler) ?? Reflect.getMetadata(REQUIRED_PERMISSION, metatype),
          })),
        );
      });
    });
}

function pathsOf(target: object): string[] {
  const path: unknown = Reflect.getMetadata('path', target);
  return (Array.isArray(path) ? path : [path ?? '']).map(String);
}

const keyOf = ({ method, path }: Route) => `${method} ${path}`;

/** The status of a request that names nothing that exists; a stream counts as let through once it has begun. */
async function ask(route: Route, authorization: string | undefined): Promise<{ status: number; code: string | null }> {
  const end = new AbortController();
  // Each request comes from an address of its own, so that none is refused for the one before.
  asked += 1;
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(route.method);
  const response = await fetch(baseUrl + route.path.replace(/:\w+/g, '999999'), {
    method: route.method,
    headers: {
      'x-forwarded-for': `10.${asked >> 16}.${(asked >> 8) & 255}.${asked & 255}`,
      ...(hasBody && { 'content-type': 'application/json' }),
      ...(authorization !== undefined && { authorization }),
    },
    ...(hasBody && { body: '{}' }),
    signal: end.signal,
  });
  const isProblem = response.headers.get('content-type')?.includes('problem') === true;
  const problem = isProblem ? ((await response.json()) as { code: string }) : null;
  end.abort();
  return { status: response.status, code: problem?.code ?? null };
}

describe('every route', () => {
  it('is in the table, with what it declares', () => {
    const declared = Object.fromEntries(
      routes.map((route) => [
        keyOf(route),
        typeof route.declared === 'object' && route.declared !== null ? 'public' : route.declared,
      ]),
    );
    expect(declared).toEqual(table);
  });

  it('that is public says why', () => {
    for (const { declared } of routes.filter((route) => typeof route.declared === 'object')) {
      expect(declared).toEqual({ public: expect.stringMatching(/\w+ \w+/) });
    }
  });

  it('that is not public refuses a caller without a token, with a wrong one and with another scheme', async () => {
    for (const route of routes.filter((each) => table[keyOf(each)] !== 'public')) {
      for (const authorization of [undefined, `Bearer flt_${'A'.repeat(43)}`, 'Basic YTpi', 'Bearer ']) {
        const { status, code } = await ask(route, authorization);
        expect([keyOf(route), status, code]).toEqual([keyOf(route), 401, 'access.unauthenticated']);
      }
    }
  });

  it.each([...roles])('lets %s do exactly what its permissions say', async (role) => {
    for (const route of routes) {
      const permission = table[keyOf(route)] ?? 'access.manage';
      const mayPass = permission === 'public' || holders[permission].includes(role);
      const { status, code } = await ask(route, `Bearer ${tokens.get(role)}`);
      const isRefusedByGuard = code === 'access.denied' || code === 'access.unauthenticated';
      expect([keyOf(route), isRefusedByGuard, isRefusedByGuard ? status : 403]).toEqual([keyOf(route), !mayPass, 403]);
    }
  });

  it('that declares nothing is refused to every role', async () => {
    const { AccessGuard } = await import('./http/access.guard.ts');
    const guard = app.get(AccessGuard, { strict: false });
    class Undeclared {
      show(): void {}
    }
    const request = { method: 'GET', ip: '127.0.0.1', headers: { authorization: `Bearer ${tokens.get('admin')}` } };
    const context = {
      getHandler: () => Undeclared.prototype.show,
      getClass: () => Undeclared,
      switchToHttp: () => ({ getRequest: () => request }),
    };
    await expect(guard.canActivate(context as never)).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('writes its refusals to the ledger under its pattern', async () => {
    const { rows } = await database.pool.query<{ actor: string; subject: string; reason: string }>(
      `select actor, subject, reason from ledger where action = 'access.denied' and actor = 'viewer' order by id limit 1`,
    );
    expect(rows).toEqual([
      {
        actor: 'viewer',
        subject: expect.stringMatching(/^route:[A-Z]+ \/v1\//),
        reason: expect.stringContaining('viewer lacks'),
      },
    ]);
  });
});
