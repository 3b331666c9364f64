/** What a render looked at; the same answers give the same result. */
export interface ReadTrace {
  /** `[path, content id]` */
  files: [string, string][];
  /** `[path, digest of the names in it]` */
  directories: [string, string][];
  /** Paths at which there is no file. */
  absentFiles: string[];
  absentDirectories: string[];
}

/** How a commit answers the questions of a trace. */
export interface CommitAnswers {
  contentId(path: string): string | null;
  /** Digest of the sorted names in a directory, null when there is none. */
  directoryDigest(path: string): string | null;
}

/** Whether a render with this trace would see the same in another commit. */
export function holdsIn(trace: ReadTrace, commit: CommitAnswers): boolean {
  return (
    trace.files.every(([path, id]) => commit.contentId(path) === id) &&
    trace.directories.every(([path, digest]) => commit.directoryDigest(path) === digest) &&
    trace.absentFiles.every((path) => commit.contentId(path) === null) &&
    trace.absentDirectories.every((path) => commit.directoryDigest(path) === null)
  );
}
