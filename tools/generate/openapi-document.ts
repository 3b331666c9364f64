import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { OpenAPI3 } from 'openapi-typescript';
import { nodeArguments, nodeBinary } from '../node-binary.mjs';
import { root } from './root.ts';

/** The hub's own description of its REST API. Builds the hub first: its decorators need a compiler. */
export function openapiDocument(): OpenAPI3 {
  run([join(root, 'tools', 'build.ts')]);
  return JSON.parse(run([join(root, 'dist', 'hub', 'main.mjs'), 'openapi'])) as OpenAPI3;
}

function run(args: readonly string[]): string {
  const environment = { ...process.env, FAIRLEAD_LOG_LEVEL: 'silent' };
  const result = spawnSync(nodeBinary(), [...nodeArguments, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: environment,
    maxBuffer: 50e6,
  });
  if (result.status !== 0) throw new Error(`${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}
