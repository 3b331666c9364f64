import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const renderWorker = 'apps/hub/src/features/releases/render-worker/main.ts';

/** Bundles the render worker (or a program of tests that is launched like it) before the tests of a file; gives the path. */
export function useRenderWorkerBundle(entry = renderWorker): () => string {
  let directory: string | undefined;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fairlead-render-'));
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: join(directory, 'worker.mjs'),
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      logLevel: 'error',
    });
  }, 60_000);
  afterAll(() => (directory === undefined ? undefined : rm(directory, { recursive: true, force: true })));
  return () => {
    if (directory === undefined) throw new Error('the bundle is there inside tests and hooks only');
    return join(directory, 'worker.mjs');
  };
}
