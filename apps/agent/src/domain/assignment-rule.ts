import type { Assignment } from '@fairlead/shared/contracts';

/**
 * `adopt`: start over with it. `confirm`: it is what we have, and somebody agreed to a set of deletions since. `repeat`: it is
 * what we have; say again how far we are. `ignore`: late or contradicting.
 */
export type AssignmentVerdict = 'adopt' | 'confirm' | 'repeat' | 'ignore';

type Judged = Pick<Assignment, 'counter' | 'digest' | 'confirmedPrune'>;

/**
 * Counters only grow: what comes late, from an old session or twice changes nothing. An agreement may come under the same
 * counter, because it changes what may be deleted and not what is assigned; it is never taken back.
 */
export function judgeAssignment(current: Judged | null, next: Judged): AssignmentVerdict {
  if (current === null || next.counter > current.counter) return 'adopt';
  if (next.counter !== current.counter || next.digest !== current.digest) return 'ignore';
  return next.confirmedPrune === null || next.confirmedPrune === current.confirmedPrune ? 'repeat' : 'confirm';
}
