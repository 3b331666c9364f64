import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const kustomizationNames = new Set(['kustomization.yaml', 'kustomization.yml', 'Kustomization']);

/** The directories below a root that have a kustomization and can be built on their own (components cannot). */
export function findRoots(root: string): string[] {
  const found: string[] = [];
  visit(root, root, found);
  return found.sort();
}

function visit(root: string, directory: string, found: string[]): void {
  const entries = readdirSync(directory, { withFileTypes: true });
  const kustomization = entries.find((entry) => entry.isFile() && kustomizationNames.has(entry.name));
  if (kustomization !== undefined) {
    const text = readFileSync(join(directory, kustomization.name), 'utf8');
    if (!/^kind:\s*Component\s*$/m.test(text)) found.push(relative(root, directory));
  }
  for (const entry of entries) {
    if (entry.isDirectory() && entry.name !== '.git') visit(root, join(directory, entry.name), found);
  }
}
