// Bundles the programs into dist/: `tools/build.ts` builds all, `tools/build.ts hub agent` only these.
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '..');

const shared: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  tsconfigRaw: { compilerOptions: { experimentalDecorators: true, target: 'es2023' } },
};

// Bundled CommonJS packages call `require` for Node's own modules; an ES module has none.
const requireForBundled = {
  js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`,
};

const programs: Record<string, BuildOptions[]> = {
  hub: [
    {
      entryPoints: ['apps/hub/src/main.ts'],
      outfile: 'dist/hub/main.mjs',
      // Nest and the database drivers stay packages: they load parts of themselves by name.
      plugins: [
        {
          name: 'packages-stay-outside',
          setup: (setup) => {
            setup.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
              kind === 'entry-point' || path.startsWith('@fairlead/') ? undefined : { path, external: true },
            );
          },
        },
      ],
    },
    {
      // Runs without rights to read files, so it must not need any package.
      entryPoints: ['apps/hub/src/features/releases/render-worker/main.ts'],
      outfile: 'dist/hub/render-worker.mjs',
      banner: requireForBundled,
    },
  ],
  agent: [
    {
      entryPoints: ['apps/agent/src/main.ts'],
      outfile: 'dist/agent/main.mjs',
      minify: true,
      keepNames: true,
      banner: requireForBundled,
      external: ['bufferutil', 'utf-8-validate'],
    },
  ],
  cli: [{ entryPoints: ['apps/cli/src/main.ts'], outfile: 'dist/cli/main.mjs', banner: requireForBundled }],
};

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(programs);
for (const name of names) {
  if (!programs[name]) {
    process.stderr.write(`unknown program ${name}; there are ${Object.keys(programs).join(', ')}\n`);
    process.exit(2);
  }
}
await Promise.all(
  names.flatMap((name) =>
    (programs[name] ?? [])
      .filter(({ entryPoints }) => (entryPoints as string[]).every((path) => existsSync(join(root, path))))
      .map((options) => build({ ...shared, ...options })),
  ),
);
if (names.includes('hub')) {
  rmSync(join(root, 'dist/hub/migrations'), { recursive: true, force: true });
  cpSync(join(root, 'apps/hub/src/migrations'), join(root, 'dist/hub/migrations'), { recursive: true });
  cpSync(join(root, 'apps/hub/src/schemas'), join(root, 'dist/hub/schemas'), { recursive: true });
}
