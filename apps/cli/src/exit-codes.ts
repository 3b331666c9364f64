import type { ErrorKind } from '@fairlead/shared/kernel';

/** What scripts may rely on; listed in docs/cli.md. */
export const exitCodes = {
  ok: 0,
  invalid: 2,
  denied: 3,
  notFound: 4,
  conflict: 5,
  unavailable: 6,
  timedOut: 7,
  failed: 8,
  bug: 70,
} as const;

export const exitCodeOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: exitCodes.invalid,
  unauthenticated: exitCodes.denied,
  denied: exitCodes.denied,
  not_found: exitCodes.notFound,
  conflict: exitCodes.conflict,
  unavailable: exitCodes.unavailable,
  bug: exitCodes.bug,
};

export const exitCodeMeanings: readonly (readonly [number, string])[] = [
  [exitCodes.ok, 'done'],
  [exitCodes.invalid, 'invalid input: a wrong option, name or value'],
  [exitCodes.denied, 'denied: no or a wrong token, or a role that may not do this'],
  [exitCodes.notFound, 'not found'],
  [exitCodes.conflict, 'conflict: something changed meanwhile, or the state does not allow it'],
  [exitCodes.unavailable, 'the hub does not answer'],
  [exitCodes.timedOut, 'waiting took longer than `--timeout`'],
  [
    exitCodes.failed,
    'the rollout failed, or with `--exit-code`: drift was found, or `apps diff` shows a change or an error',
  ],
  [exitCodes.bug, 'a defect of Fairlead'],
];
