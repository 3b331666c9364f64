import type { ErrorKind } from '../kernel/errors.ts';

/** What a stable error code means, for those who meet it: in a problem document, on the command line or in a log. */
export interface ErrorCode {
  kind: ErrorKind;
  meaning: string;
  /** What to do about it. */
  remedy: string;
}
