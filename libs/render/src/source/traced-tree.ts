import { fail } from '../finding.ts';
import type { RenderLimits, RenderTrace, SourceTree } from './source-tree.ts';

/** A source tree that remembers what was asked, and refuses to read more than the limits allow. */
export class TracedTree {
  readonly #tree: SourceTree;
  readonly #limits: RenderLimits;
  readonly #files = new Map<string, string | null>();
  readonly #directories = new Set<string>();
  readonly #absent = new Set<string>();
  #readBytes = 0;

  constructor(tree: SourceTree, limits: RenderLimits) {
    this.#tree = tree;
    this.#limits = limits;
  }

  readFile(path: string): string | Uint8Array | null {
    const content = this.#tree.readFile(path);
    if (content === null) {
      this.#absent.add(path);
      return null;
    }
    if (!this.#files.has(path)) this.#admit(path, content.length);
    return content;
  }

  listDirectory(path: string): readonly string[] | null {
    const names = this.#tree.listDirectory(path);
    (names === null ? this.#absent : this.#directories).add(path);
    return names;
  }

  contentId(path: string): string | null {
    return this.#tree.contentId?.(path) ?? null;
  }

  trace(variables: ReadonlyMap<string, string>): RenderTrace {
    return {
      files: [...this.#files].sort(byFirst).map(([path, contentId]) => ({ path, contentId })),
      directories: [...this.#directories].sort(),
      absent: [...this.#absent].sort(),
      variables: [...variables].sort(byFirst).map(([name, value]) => ({ name, value })),
    };
  }

  #admit(path: string, size: number): void {
    this.#files.set(path, this.contentId(path));
    this.#readBytes += size;
    const { maxFileBytes, maxFiles, maxReadBytes } = this.#limits;
    if (size > maxFileBytes) fail({ file: path, message: `the file is larger than ${maxFileBytes} bytes` });
    if (this.#files.size > maxFiles) fail({ file: path, message: `the render reads more than ${maxFiles} files` });
    if (this.#readBytes > maxReadBytes)
      fail({ file: path, message: `the render reads more than ${maxReadBytes} bytes` });
  }
}

function byFirst(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  if (left[0] === right[0]) return 0;
  return left[0] < right[0] ? -1 : 1;
}
