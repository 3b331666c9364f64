import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock/clock.ts';
import { HUB_CONFIG, type HubConfig } from '../../platform/config/config.ts';
import { PG_POOL, type Pool } from '../../platform/database/pool.ts';
import { HUB_KEYS, type HubKeys } from '../../platform/keys/hub-keys.ts';
import { SOURCE_REPOSITORIES, type SourceRepositories } from '../sources/application/source-repositories.ts';
import { SourcesModule } from '../sources/sources.module.ts';
import { DiffReleases } from './application/diff-releases.ts';
import { ExplainTarget } from './application/explain-target.ts';
import { PreviewSourceRef } from './application/preview-source.ts';
import { PREVIEW_STORE, type PreviewStore } from './application/preview.store.ts';
import { ReadCommit } from './application/read-commit.ts';
import { READING_STORE, type ReadingStore } from './application/reading.store.ts';
import { RELEASE_QUERY, type ReleaseQuery } from './application/release.query.ts';
import { RENDERER, type Renderer } from './application/renderer.ts';
import { ShowReleases } from './application/show-releases.ts';
import { AppsController } from './http/apps.controller.ts';
import { CommitDiffController } from './http/commit-diff.controller.ts';
import { ExplainController } from './http/explain.controller.ts';
import { PreviewsController } from './http/previews.controller.ts';
import { ReleasesController } from './http/releases.controller.ts';
import { PgPreviewStore } from './persistence/pg-preview.store.ts';
import { PgReadingStore } from './persistence/pg-reading.store.ts';
import { PgReleaseQuery } from './persistence/pg-release.query.ts';
import { renderWorkerBundle } from './render-worker/bundle-path.ts';
import { ExternalEngine } from './external-engine/external-engine.ts';
import { RenderPool } from './render-worker/render-pool.ts';
import { bundledSchemas } from './render-worker/kubernetes-schemas.ts';
import { RELEASE_CONSUMERS, readCommitConsumer } from './workers/read-commit.worker.ts';

const previewLimitMs = 110_000;

@Module({
  imports: [SourcesModule],
  controllers: [AppsController, ReleasesController, CommitDiffController, ExplainController, PreviewsController],
  providers: [
    { provide: READING_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgReadingStore(pool) },
    { provide: RELEASE_QUERY, inject: [PG_POOL], useFactory: (pool: Pool) => new PgReleaseQuery(pool) },
    {
      provide: RENDERER,
      inject: [HUB_CONFIG, HUB_KEYS, CLOCK],
      useFactory: (config: HubConfig, keys: HubKeys, clock: Clock) =>
        new RenderPool({
          bundlePath: renderWorkerBundle(),
          key: keys.current,
          ...config.render,
          external: new ExternalEngine(config.externalEngine),
          schemas: bundledSchemas(),
          nowMs: () => clock.nowMs(),
        }),
    },
    {
      provide: ReadCommit,
      inject: [READING_STORE, SOURCE_REPOSITORIES, RENDERER],
      useFactory: (store: ReadingStore, repositories: SourceRepositories, renderer: Renderer) =>
        new ReadCommit({ store, repositories, renderer }),
    },
    {
      provide: RELEASE_CONSUMERS,
      inject: [ReadCommit],
      useFactory: (readCommit: ReadCommit) => [readCommitConsumer(readCommit)],
    },
    {
      provide: ShowReleases,
      inject: [RELEASE_QUERY, HUB_KEYS],
      useFactory: (query: ReleaseQuery, keys: HubKeys) => new ShowReleases({ query, maskKey: keys.current.key }),
    },
    { provide: PREVIEW_STORE, inject: [PG_POOL], useFactory: (pool: Pool) => new PgPreviewStore(pool) },
    {
      provide: PreviewSourceRef,
      inject: [PREVIEW_STORE, SOURCE_REPOSITORIES, RENDERER, ShowReleases],
      useFactory: (store: PreviewStore, repositories: SourceRepositories, renderer: Renderer, show: ShowReleases) =>
        new PreviewSourceRef({ store, repositories, renderer, show, timeLimitMs: previewLimitMs }),
    },
    {
      provide: ExplainTarget,
      inject: [RELEASE_QUERY],
      useFactory: (query: ReleaseQuery) => new ExplainTarget({ query }),
    },
    {
      provide: DiffReleases,
      inject: [RELEASE_QUERY, ShowReleases],
      useFactory: (query: ReleaseQuery, show: ShowReleases) => new DiffReleases({ query, show }),
    },
  ],
  exports: [RELEASE_CONSUMERS],
})
export class ReleasesModule implements OnApplicationShutdown {
  readonly #renderer: { close(): void };

  constructor(@Inject(RENDERER) renderer: RenderPool) {
    this.#renderer = renderer;
  }

  onApplicationShutdown(): void {
    this.#renderer.close();
  }
}
