import type { Assignment, TargetHealth } from '@fairlead/shared/contracts';
import type { HookPhase } from '../../domain/apply/hook.ts';
import type { TargetState } from '../state/target-state.ts';
import type { TargetContext } from '../target-context.ts';
import { runHooks } from './hook-run.ts';

export interface LateHooksJob {
  readonly assignment: Assignment;
  readonly signal: AbortSignal;
  readonly save: () => Promise<void>;
  /** Health of the objects alone. */
  readonly objects: TargetHealth;
  /** Health of the app, failed hooks included. */
  readonly whole: TargetHealth;
}

const pollMs = 1_000;

/** Runs the hooks that come after a release, when it is time for them. Gives when to look at them again, in ms. */
export async function runLateHooks(
  state: TargetState,
  job: LateHooksJob,
  context: TargetContext,
): Promise<number | null> {
  const { assignment, signal, save } = job;
  const phase = duePhase(state, job);
  if (phase === null || assignment.mode !== 'reconcile' || state.plannedDigest !== assignment.digest) return null;
  if (!state.hooks.mayMove(phase, assignment)) return null;
  const snapshot = await context.snapshots.find(assignment.digest);
  if (snapshot === null) return null;
  const reader = await context.snapshots.reader(snapshot);
  try {
    const end = await runHooks(state, phase, { assignment, reader, signal, save }, context);
    return end === 'running' ? pollMs : 0;
  } finally {
    await reader.close();
  }
}

function duePhase({ phase, succeeded, problem }: TargetState, { objects, whole }: LateHooksJob): HookPhase | null {
  if (phase === 'applied' && objects === 'healthy' && whole !== 'failed') return 'after';
  return whole === 'failed' && !succeeded && problem === null ? 'on-failure' : null;
}
