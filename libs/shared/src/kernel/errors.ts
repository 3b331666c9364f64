/** What kind of failure an error is. Decides HTTP status, exit code and whether a retry makes sense. */
export type ErrorKind = 'invalid' | 'not_found' | 'conflict' | 'denied' | 'unauthenticated' | 'unavailable' | 'bug';

/**
 * Base of every expected error. `code` is stable and dotted, the message is constant, and what varies is in `details`
 * (never a secret, never a URL with credentials).
 */
export abstract class AppError extends Error {
  abstract readonly code: string;
  abstract readonly kind: ErrorKind;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.details = details;
  }
}

/** An AppError whose code and kind are given at the place where it is thrown. */
export class CodedError extends AppError {
  readonly code: string;
  readonly kind: ErrorKind;

  constructor(
    identity: { code: string; kind: ErrorKind },
    message: string,
    details: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(message, details, options);
    this.code = identity.code;
    this.kind = identity.kind;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
