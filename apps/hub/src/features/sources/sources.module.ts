import { join } from 'node:path';
import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock/clock.ts';
import { HUB_CONFIG, type HubConfig } from '../../platform/config/config.ts';
import { PG_POOL, type Pool } from '../../platform/database/pool.ts';
import { GitRepositories } from '../../platform/git/git-repositories.ts';
import { checkRepositoryUrl } from '../../platform/git/repository-url.ts';
import { HUB_KEYS, type HubKeys } from '../../platform/keys/hub-keys.ts';
import { FetchSource } from './application/fetch-source.ts';
import { ManageSources } from './application/manage-sources.ts';
import { ReceiveWebhook } from './application/receive-webhook.ts';
import { SECRET_BOX, type SecretBox } from './application/secret-box.ts';
import { SOURCE_REPOSITORIES, type SourceRepositories } from './application/source-repositories.ts';
import { SOURCE_STORE, type SourceStore } from './application/source.store.ts';
import { SourcesController } from './http/sources.controller.ts';
import { WebhooksController } from './http/webhooks.controller.ts';
import { HubSecretBox } from './persistence/hub-secret-box.ts';
import { PgSourceStore } from './persistence/pg-source.store.ts';
import { SOURCE_CONSUMERS, fetchSourceConsumer } from './workers/fetch-source.worker.ts';

const fetchTimeoutMs = 60_000;

@Module({
  controllers: [SourcesController, WebhooksController],
  providers: [
    { provide: SOURCE_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgSourceStore(pool) },
    { provide: SECRET_BOX, inject: [HUB_KEYS], useFactory: (keys: HubKeys) => new HubSecretBox(keys) },
    {
      provide: GitRepositories,
      inject: [HUB_CONFIG],
      useFactory: (config: HubConfig) =>
        new GitRepositories({ root: join(config.dataDir, 'repositories'), fetchTimeoutMs }),
    },
    { provide: SOURCE_REPOSITORIES, useExisting: GitRepositories },
    {
      provide: ManageSources,
      inject: [SOURCE_STORE, SECRET_BOX],
      useFactory: (store: SourceStore, secrets: SecretBox) =>
        new ManageSources({ store, secrets, checkUrl: checkRepositoryUrl }),
    },
    {
      provide: ReceiveWebhook,
      inject: [SOURCE_STORE, SECRET_BOX, CLOCK],
      useFactory: (store: SourceStore, secrets: SecretBox, clock: Clock) =>
        new ReceiveWebhook({ store, secrets, clock }),
    },
    {
      provide: FetchSource,
      inject: [SOURCE_STORE, SOURCE_REPOSITORIES],
      useFactory: (store: SourceStore, repositories: SourceRepositories) => new FetchSource({ store, repositories }),
    },
    {
      provide: SOURCE_CONSUMERS,
      inject: [FetchSource, SOURCE_STORE],
      useFactory: (fetchSource: FetchSource, store: SourceStore) => [fetchSourceConsumer(fetchSource, store)],
    },
  ],
  exports: [SOURCE_REPOSITORIES, SOURCE_CONSUMERS],
})
export class SourcesModule implements OnApplicationShutdown {
  readonly #repositories: GitRepositories;

  constructor(@Inject(GitRepositories) repositories: GitRepositories) {
    this.#repositories = repositories;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#repositories.close();
  }
}
