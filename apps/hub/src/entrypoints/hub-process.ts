import type { INestApplicationContext, Type } from '@nestjs/common';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AgentGateway } from '../features/agents/http/agent.gateway.ts';
import { HubModule } from '../hub.module.ts';
import { closeHttpApp, createHttpApp, nestLogger } from '../platform/http/http-app.ts';
import { PlatformModule } from '../platform/platform.module.ts';
import type { Platform } from '../platform/platform.ts';
import { QUEUE_CONSUMERS, type QueueConsumer } from '../platform/queue/queue.ts';
import { WorkModule } from '../work.module.ts';

export type Role = 'serve' | 'work';

/** A running hub process. */
export interface HubProcess {
  /** Null when it only works. */
  app: NestFastifyApplication | null;
  stop(): Promise<void>;
}

@Module({})
class HubProcessModule {}

/** How long requests that have begun may take after the hub was told to stop. */
const requestPatienceMs = 1000;

/** Starts serving, working or both on a platform that has a current schema. */
export async function startHubProcess(platform: Platform, roles: readonly Role[]): Promise<HubProcess> {
  const modules: Type[] = [];
  if (roles.includes('serve')) modules.push(HubModule);
  if (roles.includes('work')) modules.push(WorkModule);
  const root: DynamicModule = { module: HubProcessModule, imports: [PlatformModule.of(platform), ...modules] };
  const app = roles.includes('serve') ? await createHttpApp(platform, root) : null;
  const context: INestApplicationContext =
    app ??
    (await NestFactory.createApplicationContext(root, { logger: nestLogger(platform.logger), abortOnError: false }));
  await platform.start();
  const gateway = app?.get(AgentGateway, { strict: false });
  if (roles.includes('work')) {
    await platform.queues.work(context.get<QueueConsumer[]>(QUEUE_CONSUMERS, { strict: false }));
  }
  // Last: whoever is answered finds everything running.
  if (app && gateway) {
    await gateway.start(app.getHttpServer());
    await app.listen({ host: platform.config.http.host, port: platform.config.http.port });
  }
  platform.logger.info({ roles, url: platform.config.publicUrl }, 'the hub is up');
  return {
    app,
    stop: async () => {
      platform.logger.info('the hub is stopping');
      // Agents first, so that they go elsewhere; then no new work; then what serves requests and what it stands on.
      await gateway?.stop();
      await platform.queues.stopWorking(platform.config.shutdownMs);
      if (app) await closeHttpApp(app, requestPatienceMs);
      else await context.close();
      await platform.stop();
      platform.logger.info('the hub has stopped');
    },
  };
}
