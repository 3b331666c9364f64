import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '@fairlead/shared/contracts';
import type { SourceId } from '@fairlead/shared/kernel';
import { ReadCommit } from '../../apps/hub/src/features/releases/application/read-commit.ts';
import { ShowReleases } from '../../apps/hub/src/features/releases/application/show-releases.ts';
import { PgReadingStore } from '../../apps/hub/src/features/releases/persistence/pg-reading.store.ts';
import { PgReleaseQuery } from '../../apps/hub/src/features/releases/persistence/pg-release.query.ts';
import { ExternalEngine } from '../../apps/hub/src/features/releases/external-engine/external-engine.ts';
import { bundledSchemas } from '../../apps/hub/src/features/releases/render-worker/kubernetes-schemas.ts';
import { RenderPool } from '../../apps/hub/src/features/releases/render-worker/render-pool.ts';
import { FetchSource } from '../../apps/hub/src/features/sources/application/fetch-source.ts';
import { PgSourceStore } from '../../apps/hub/src/features/sources/persistence/pg-source.store.ts';
import type { Pool } from '../../apps/hub/src/platform/database/pool.ts';
import { GitRepositories } from '../../apps/hub/src/platform/git/git-repositories.ts';
import { createRepository, type TestRepository } from './git-server.ts';
import { usePostgres } from './postgres.ts';
import { useRenderWorkerBundle } from './render-worker-bundle.ts';

/** The key that tests seal under. */
const testKey = { keyId: 'test-key', key: Buffer.alloc(32, 7) };

/** A source on a repository of its own. */
export interface TestSource {
  name: string;
  id: SourceId;
  repository: TestRepository;
  /** Commits and lets the hub fetch and read. */
  push(files: Record<string, string | null>, message?: string): Promise<string>;
  /** Reads the head again, as after a change of the clusters. */
  read(): Promise<void>;
}

/** Everything between Git and releases, on a real database, real Git and real render workers. */
export interface Reading {
  readonly pool: Pool;
  readonly renderer: RenderPool;
  readonly repositories: GitRepositories;
  readonly sources: PgSourceStore;
  readonly fetchSource: FetchSource;
  readonly readCommit: ReadCommit;
  readonly show: ShowReleases;
  addSource(name: string, ref?: string): Promise<TestSource>;
  addCluster(name: string, labels?: Record<string, string>): Promise<void>;
}

/** Sets it up before the tests of a file. Each test adds its own sources; the database is the file's. */
export function useReading(options: { timeoutMs?: number } = {}): () => Reading {
  const database = usePostgres();
  const bundle = useRenderWorkerBundle();
  const cleanUp: (() => unknown)[] = [];
  let reading: Reading | undefined;
  beforeAll(async () => {
    const root = await mkdtemp(join(tmpdir(), 'fairlead-reading-'));
    const repositories = new GitRepositories({ root, fetchTimeoutMs: 10_000 });
    const renderer = new RenderPool({
      bundlePath: bundle(),
      key: testKey,
      workers: 2,
      timeoutMs: options.timeoutMs ?? 10_000,
      schemas: bundledSchemas(),
      nowMs: () => Date.now(),
      external: new ExternalEngine({ helm: null, kustomize: null, timeoutMs: 10_000 }),
    });
    cleanUp.push(
      () => renderer.close(),
      () => repositories.close(),
      // A preview that took too long ends with its next step: until then Git may still write.
      () => rm(root, { recursive: true, force: true, maxRetries: 20 }),
    );
    reading = assemble(database.pool, repositories, renderer, cleanUp);
  }, 60_000);
  afterAll(async () => {
    for (const each of cleanUp.splice(0)) await each();
  });
  return () => {
    if (reading === undefined) throw new Error('reading is there inside tests and hooks only');
    return reading;
  };
}

function assemble(
  pool: Pool,
  repositories: GitRepositories,
  renderer: RenderPool,
  cleanUp: (() => unknown)[],
): Reading {
  const sources = new PgSourceStore(pool);
  const fetchSource = new FetchSource({ store: sources, repositories });
  const readCommit = new ReadCommit({ store: new PgReadingStore(pool), repositories, renderer });
  const show = new ShowReleases({ query: new PgReleaseQuery(pool), maskKey: testKey.key });
  return {
    pool,
    renderer,
    repositories,
    sources,
    fetchSource,
    readCommit,
    show,
    addSource: async (name, ref = 'main') => {
      const repository = await createRepository();
      cleanUp.push(() => repository.remove());
      const added: Source | null = await sources.add(
        { name, url: repository.url, ref, pollIntervalSeconds: 3600, webhookSecretSealed: null },
        'test',
      );
      if (added === null) throw new Error(`the source ${name} exists`);
      const id = added.id as SourceId;
      const read = () => readCommit.read(id);
      return {
        name,
        id,
        repository,
        read,
        push: async (files, message) => {
          const commit = await repository.commit(files, message);
          await fetchSource.fetch(id);
          await read();
          return commit;
        },
      };
    },
    addCluster: async (name, labels = {}) => {
      await pool.query(`insert into clusters (name, labels, fingerprint) values ($1, $2, $1)`, [
        name,
        JSON.stringify(labels),
      ]);
    },
  };
}
