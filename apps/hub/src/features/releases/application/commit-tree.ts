import { sha256Hex } from '@fairlead/manifests';
import type { SourceRepositories, SourceRepository } from '../../sources/application/source-repositories.ts';
import type { CommitAnswers } from '../domain/render-trace.ts';
import type { TreeToRender } from './renderer.ts';

const manifestName = 'fairlead.yaml';
// What a render refuses anyway is not loaded.
const maxFileBytes = 1024 * 1024;

/** One commit of a source, ready to be read and rendered. */
export class CommitTree implements TreeToRender, CommitAnswers {
  readonly id: string;
  readonly files: ReadonlyMap<string, string>;
  readonly #repository: SourceRepository;
  #directories: ReadonlyMap<string, string> | null = null;

  constructor(commit: string, files: ReadonlyMap<string, string>, repository: SourceRepository) {
    this.id = commit;
    this.files = files;
    this.#repository = repository;
  }

  /** Every file that defines an app, by path. */
  manifestFiles(): string[] {
    return [...this.files.keys()].filter((path) => path === manifestName || path.endsWith(`/${manifestName}`)).sort();
  }

  contentId(path: string): string | null {
    return this.files.get(path) ?? null;
  }

  directoryDigest(path: string): string | null {
    this.#directories ??= digestDirectories(this.files.keys());
    return this.#directories.get(path) ?? null;
  }

  async load(contentIds: string[]): Promise<{ id: string; content: Uint8Array }[]> {
    const blobs = await this.#repository.readBlobs(contentIds, maxFileBytes);
    return [...blobs].flatMap(([id, blob]) => {
      if (blob.status === 'found') return [{ id, content: blob.content }];
      // One byte too many, so that the renderer says "too large" and names the file.
      return blob.status === 'too-large' ? [{ id, content: new Uint8Array(maxFileBytes + 1) }] : [];
    });
  }
}

/** Opens a commit; it is fetched when only another replica has it. */
export async function openCommit(
  repositories: SourceRepositories,
  source: { id: number; url: string; ref: string },
  commit: string,
): Promise<CommitTree> {
  const repository = repositories.of(source.id);
  await repository.ensureCommit(commit, source);
  const { files } = await repository.listFiles(commit);
  return new CommitTree(commit, files, repository);
}

function digestDirectories(paths: Iterable<string>): Map<string, string> {
  const names = new Map<string, Set<string>>();
  const enter = (path: string): void => {
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, Math.max(0, slash));
    const known = names.get(directory);
    if (known) {
      known.add(path.slice(slash + 1));
      return;
    }
    names.set(directory, new Set([path.slice(slash + 1)]));
    if (directory !== '') enter(directory);
  };
  for (const path of paths) enter(path);
  return new Map([...names].map(([directory, each]) => [directory, sha256Hex([...each].sort().join('\0'))]));
}
