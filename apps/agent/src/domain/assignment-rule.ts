import type { Assignment } from '@fairlead/shared/contracts';

/** `adopt`: start over with it. `repeat`: it is what we have; say again how far we are. `ignore`: late or contradicting. */
export type AssignmentVerdict = 'adopt' | 'repeat' | 'ignore';

/** Counters only grow: what comes late, from an old session or twice changes nothing. */
export function judgeAssignment(
  current: Pick<Assignment, 'counter' | 'digest'> | null,
  next: Pick<Assignment, 'counter' | 'digest'>,
): AssignmentVerdict {
  if (current === null || next.counter > current.counter) return 'adopt';
  return next.counter === current.counter && next.digest === current.digest ? 'repeat' : 'ignore';
}
