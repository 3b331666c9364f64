import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NamedTree } from './feature-trees.ts';

const files = ['fields.trees.txt', 'replacements.trees.txt', 'patches.trees.txt', 'repositories.trees.txt'];

/** The trees that are written by hand, for fields at their corners and for what is refused. */
export function writtenTrees(): NamedTree[] {
  return files.flatMap((file) => treesOf(readFileSync(join(import.meta.dirname, file), 'utf8')));
}

/** Reads trees from a text: `## name` starts a tree, `# file PATH` a file of it. */
function treesOf(text: string): NamedTree[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [name = '', ...lines] = part.split('\n');
      const files: Record<string, string> = {};
      let path = '';
      for (const line of lines) {
        const header = /^# file (.+)$/.exec(line)?.[1];
        if (header !== undefined) {
          path = header;
          files[path] = '';
        } else if (path !== '') files[path] += `${line}\n`;
      }
      return { name: name.trim(), files };
    });
}
