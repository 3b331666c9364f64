import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Platform } from '../platform.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createOpenApiDocument, OPENAPI_DOCUMENT, type OpenApiHolder } from './openapi.controller.ts';
import { ProblemFilter } from './problem.filter.ts';
import { validationPipe } from './validation.ts';

const bodyLimitBytes = 1_048_576;
const slowHeadersMs = 15_000;
const slowRequestMs = 60_000;

/** Nest on Fastify with our errors, validation and limits. It does not listen yet. */
export async function createHttpApp(platform: Platform, root: Type | DynamicModule): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    trustProxy: platform.config.http.trustProxy,
    requestTimeout: slowRequestMs,
    http: { headersTimeout: slowHeadersMs },
    genReqId: () => randomBytes(16).toString('hex'),
    routerOptions: { maxParamLength: 300 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    rawBody: true,
    logger: nestLogger(platform.logger),
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter(platform.logger));
  app.useGlobalPipes(validationPipe());
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', async (_request, reply) => {
      reply.header('x-content-type-options', 'nosniff');
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  app.get<OpenApiHolder>(OPENAPI_DOCUMENT).current = createOpenApiDocument(app);
  return app;
}

/** Stops taking requests; those that have begun may end, streams are cut after `patienceMs`. */
export async function closeHttpApp(app: NestFastifyApplication, patienceMs: number): Promise<void> {
  const server: Server = app.getHttpServer();
  const cut = setTimeout(() => server.closeAllConnections(), patienceMs);
  server.closeIdleConnections();
  await app.close();
  clearTimeout(cut);
}

/** Nest's own words: how it wires modules is for debugging, its complaints are for everybody. */
export function nestLogger(logger: Logger): LoggerService {
  const say = (level: 'debug' | 'warn' | 'error') => (message: unknown) => {
    if (message instanceof Error) logger[level]({ err: message }, 'the framework reports an error');
    else logger[level]({ message: String(message) }, 'the framework reports');
  };
  return {
    log: say('debug'),
    debug: say('debug'),
    verbose: say('debug'),
    warn: say('warn'),
    error: say('error'),
    fatal: say('error'),
  };
}
