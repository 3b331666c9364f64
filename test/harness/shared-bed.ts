import { readdirSync } from 'node:fs';

/** Names the directory of a running bed (`npm run bed -- up 3 --dir D`) that all test files of a run share. */
export const sharedBedVariable = 'FAIRLEAD_TEST_BED';

/** The bed of this test run, if it has one. */
export function sharedBed(): { readonly dir: string; readonly names: readonly string[] } | undefined {
  const dir = process.env[sharedBedVariable];
  if (dir === undefined || dir === '') return undefined;
  const entries = readdirSync(dir, { withFileTypes: true });
  return { dir, names: entries.flatMap((entry) => (entry.isDirectory() ? entry.name : [])).sort() };
}
