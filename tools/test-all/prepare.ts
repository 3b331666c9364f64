import { spawnSync } from 'node:child_process';
import { ensureBinaries } from '../../test/bed/bed.ts';

/**
 * Builds what the tests run: our own programs (a second) and the Kubernetes control plane binaries (minutes the first
 * time, from the cache later). Returns environment variables for the test processes.
 */
export async function prepare(): Promise<Record<string, string>> {
  console.log('— build (seconds)');
  const build = spawnSync(process.execPath, ['tools/build.ts'], { stdio: 'inherit' });
  if (build.status !== 0) throw new Error('The build failed; its messages are above.');
  console.log('— Kubernetes binaries (about 8 minutes the first time, cached afterwards)');
  await ensureBinaries((line) => console.log(`  ${line}`));
  return {};
}
