import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopOrphan } from '../../apps/hub/src/platform/embedded-postgres/postmaster.ts';
import { removeBed } from '../../test/bed/bed-directory.ts';
import { paths } from './paths.ts';

/** Removes all that earlier starts kept; what still runs on it is ended first. */
export async function forgetEverything(): Promise<void> {
  await stopOrphan(join(paths.hub, 'postgres'), () => undefined);
  await removeBed(paths.clusters);
  const all = [paths.hub, paths.cli, paths.clusters, paths.agents, paths.demoBare, paths.demoWork, paths.webhook];
  for (const path of all) rmSync(path, { recursive: true, force: true });
}
