import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ProjectGraph {
  nodes: Record<string, { data: { root: string; tags?: string[] } }>;
  dependencies: Record<string, { source: string; target: string; type: string }[]>;
}

const root = join(import.meta.dirname, '../..');

/**
 * Lets Nx compute its picture of the projects, without daemon or cloud. Leaves it in Nx's cache, too: without it the boundary
 * rule of lint says nothing at all.
 */
export function loadProjectGraph(): ProjectGraph {
  mkdirSync(join(root, '.nx'), { recursive: true });
  const file = join(root, '.nx/projects.json');
  const run = spawnSync(process.execPath, [join(root, 'node_modules/.bin/nx'), 'graph', `--file=${file}`], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true' },
  });
  if (run.status !== 0) throw new Error(`Nx could not read the projects: ${run.stdout}${run.stderr}`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { graph: ProjectGraph }).graph;
}
