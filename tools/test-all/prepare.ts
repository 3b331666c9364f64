import { spawnSync } from 'node:child_process';
import { ensureBinaries } from '../../test/bed/bed.ts';
import { openPostgresServer } from '../../test/harness/postgres.ts';

export interface PreparedTests {
  /** Environment of the test processes. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

/**
 * Builds what the tests run: our own programs (a second) and the Kubernetes control plane binaries (minutes the first
 * time, from the cache later), and starts one PostgreSQL for all levels.
 */
export async function prepareTests(): Promise<PreparedTests> {
  console.log('— build (seconds)');
  const build = spawnSync(process.execPath, ['tools/build.ts'], { stdio: 'inherit' });
  if (build.status !== 0) throw new Error('The build failed; its messages are above.');
  console.log('— Kubernetes binaries (about 10 minutes the first time, cached afterwards)');
  await ensureBinaries((line) => console.log(`  ${line}`));
  console.log('— PostgreSQL for the tests (seconds)');
  const postgres = await openPostgresServer();
  return { environment: { TEST_DATABASE_URL: postgres.url }, close: () => postgres.stop() };
}
