import { sha256Hex } from '@fairlead/manifests';
import type { SourceTree } from '@fairlead/render';
import type { ReadTrace } from './protocol.ts';

/** A render asked for contents that are not here yet. The hub sends them, and the render starts over. */
export class ContentsNeeded extends Error {
  readonly contentIds: string[];

  constructor(contentIds: string[]) {
    super('file contents are needed');
    this.contentIds = contentIds;
  }
}

// With one missing file its neighbours are fetched too, since a kustomization mostly lies beside what it names.
const maxNeighbours = 100;

/** The file names of one commit. */
export class CommitIndex {
  readonly #contentIds: ReadonlyMap<string, string>;
  readonly #directories = new Map<string, Set<string>>([['', new Set()]]);

  constructor(paths: readonly string[], contentIds: readonly string[]) {
    this.#contentIds = new Map(paths.map((path, index) => [path, contentIds[index] ?? '']));
    for (const path of paths) this.#enter(path);
  }

  contentId(path: string): string | null {
    return this.#contentIds.get(path) ?? null;
  }

  /** Names in a directory, sorted; null when there is none. */
  names(directory: string): readonly string[] | null {
    const names = this.#directories.get(directory);
    return names === undefined ? null : [...names].sort();
  }

  #enter(path: string): void {
    const slash = path.lastIndexOf('/');
    const directory = slash < 0 ? '' : path.slice(0, slash);
    const known = this.#directories.get(directory);
    if (known) {
      known.add(path.slice(slash + 1));
      return;
    }
    this.#directories.set(directory, new Set([path.slice(slash + 1)]));
    this.#enter(directory);
  }
}

/** What one render sees of a commit, with a record of what it asked for: failed renders have a trace too. */
export class CommitFiles implements SourceTree {
  readonly #index: CommitIndex;
  readonly #contents: ReadonlyMap<string, Uint8Array>;
  readonly #files = new Map<string, string>();
  readonly #directories = new Map<string, string>();
  readonly #absentFiles = new Set<string>();
  readonly #absentDirectories = new Set<string>();

  constructor(index: CommitIndex, contents: ReadonlyMap<string, Uint8Array>) {
    this.#index = index;
    this.#contents = contents;
  }

  readFile(path: string): Uint8Array | null {
    const id = this.#index.contentId(path);
    if (id === null) {
      this.#absentFiles.add(path);
      return null;
    }
    const content = this.#contents.get(id);
    if (content === undefined) throw new ContentsNeeded([id, ...this.#neighbours(path)]);
    this.#files.set(path, id);
    return content;
  }

  listDirectory(path: string): readonly string[] | null {
    const names = this.#index.names(path);
    if (names === null) this.#absentDirectories.add(path);
    else this.#directories.set(path, sha256Hex(names.join('\0')));
    return names;
  }

  contentId(path: string): string | null {
    return this.#index.contentId(path);
  }

  /** The files read so far, as text. */
  readTexts(): string[] {
    return [...this.#files.values()].map((id) => new TextDecoder().decode(this.#contents.get(id)));
  }

  trace(): ReadTrace {
    return {
      files: [...this.#files],
      directories: [...this.#directories],
      absentFiles: [...this.#absentFiles],
      absentDirectories: [...this.#absentDirectories],
    };
  }

  #neighbours(path: string): string[] {
    const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const prefix = directory === '' ? '' : `${directory}/`;
    return (this.#index.names(directory) ?? [])
      .map((name) => this.#index.contentId(prefix + name))
      .filter((id) => id !== null && !this.#contents.has(id))
      .slice(0, maxNeighbours) as string[];
  }
}
