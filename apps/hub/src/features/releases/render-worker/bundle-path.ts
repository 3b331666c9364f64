import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

// Beside the hub's own bundle; when the hub runs from its sources, as tests do, where the build puts it.
const places = ['render-worker.mjs', '../../../../../../dist/hub/render-worker.mjs'];

/** Where the bundle of the render worker lies. The permission to read it is given for its real path. */
export function renderWorkerBundle(): string {
  const paths = places.map((place) => join(import.meta.dirname, place));
  const found = paths.find((path) => existsSync(path));
  return found === undefined ? (paths[0] ?? '') : realpathSync(found);
}
