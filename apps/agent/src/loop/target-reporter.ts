import type { DriftItemReport, ObjectFailure, TargetHealth } from '@fairlead/shared/contracts';
import type { ObjectState } from '../domain/health/target-health.ts';
import { current } from '../domain/health/object-health.ts';
import { targetHealth } from '../domain/health/target-health.ts';
import type { Report } from '../hub/report-buffer.ts';
import type { ClosedDrift } from './drift/drift-check.ts';
import { isBlocked } from './apply/failures.ts';
import type { ApplyFailure, ObjectRecord } from './state/object-record.ts';
import type { TargetState } from './state/target-state.ts';

const mostFailures = 20;
const mostNotices = 20;
const driftPerReport = 200;

/** Tells the hub about one target: each acknowledgement, each change of its status, its drift. */
export class TargetReporter {
  readonly #state: TargetState;
  readonly #send: (report: Report) => void;
  #lastStatus = '';

  constructor(state: TargetState, send: (report: Report) => void) {
    this.#state = state;
    this.#send = send;
  }

  /** Says how far the assignment is. */
  ack(): void {
    const head = this.#head();
    if (head === null) return;
    const { phase, problem } = this.#state;
    const failed = phase === 'failed' ? this.#failed() : [];
    this.#send({
      type: 'ack',
      ...head,
      phase,
      permanent: phase === 'failed' && (problem?.permanent ?? failed.some(({ failure }) => failure.permanent)),
      message: phase === 'failed' ? (problem?.message ?? `${failed.length} objects could not be applied`) : null,
      failures: [...(problem?.failures ?? []), ...failed.map(objectFailure)].slice(0, mostFailures),
    });
  }

  /** Sends the status when it differs from the last one. Gives the health of the target. */
  status(): TargetHealth {
    const { assignment, phase, refused, problem } = this.#state;
    const head = this.#head();
    if (assignment === null || head === null) return 'unknown';
    const applied = phase === 'applied';
    const records = [...this.#state.desired(), ...refused];
    const states = [
      ...(problem?.failures ?? []).map(problemState),
      ...records.map(objectState),
      ...this.#state.hooks.troubles(),
    ];
    const isDone = applied && !this.#state.hooks.unfinished('after', assignment);
    const { health, counts, failing, notices } = targetHealth(states, {
      applied: isDone || phase === 'deleted' || assignment.mode === 'frozen',
      succeeded: this.#state.succeeded,
    });
    const items = records.flatMap((record) => [...record.drift.values()]);
    const unmanaged = items.filter((item) => item.change === 'unmanaged').length;
    const content = {
      applied,
      health,
      counts,
      failing,
      openDrift: items.length - unmanaged,
      unmanaged,
      contended: records.filter((record) => record.contended).length,
      pruneHold: this.#state.pruneHold,
      notices: [...this.#state.notices(), ...notices].slice(0, mostNotices),
    };
    const text = JSON.stringify([head.counter, head.digest, content]);
    if (text !== this.#lastStatus) {
      this.#lastStatus = text;
      this.#send({ type: 'status', ...head, ...content });
    }
    return health;
  }

  /** Health of the objects alone, whatever hooks still have to do. */
  objectsHealth(): TargetHealth {
    const { phase, refused, succeeded } = this.#state;
    const records = [...this.#state.desired(), ...refused];
    return targetHealth(records.map(objectState), { applied: phase === 'applied', succeeded }).health;
  }

  /** Makes the next status go out even when nothing changed. */
  forgetStatus(): void {
    this.#lastStatus = '';
  }

  drift(opened: readonly DriftItemReport[], closed: readonly ClosedDrift[]): void {
    const head = this.#head();
    if (head === null) return;
    for (let start = 0; start < Math.max(opened.length, closed.length); start += driftPerReport) {
      const part = <T>(items: readonly T[]) => items.slice(start, start + driftPerReport);
      this.#send({ type: 'drift', ...head, opened: part(opened), closed: part(closed) });
    }
  }

  /** What could not be applied; first what says why. */
  #failed(): { readonly key: string; readonly failure: ApplyFailure }[] {
    const { refused, records, hooks } = this.#state;
    const all = [...refused, ...records.values(), ...hooks.troubles()].flatMap(({ key, failure }) =>
      failure === null ? [] : [{ key, failure }],
    );
    return [...all.filter(({ failure }) => !isBlocked(failure)), ...all.filter(({ failure }) => isBlocked(failure))];
  }

  #head() {
    const { assignment } = this.#state;
    if (assignment === null) return null;
    return {
      app: assignment.app,
      counter: assignment.counter,
      digest: assignment.digest,
      at: new Date().toISOString(),
    };
  }
}

function objectState(record: ObjectRecord): ObjectState {
  const { key, health, failure, memory } = record;
  const pods = memory.pods === null || memory.pods.reports.length === 0 ? null : memory.pods.reports;
  return { key, health, failure, pending: record.appliedHash === null, pods };
}

function problemState({ object, reason, message }: ObjectFailure): ObjectState {
  return { key: object, health: current, failure: { reason, message, permanent: true }, pending: true, pods: null };
}

function objectFailure({ key, failure: { reason, message } }: { key: string; failure: ApplyFailure }): ObjectFailure {
  return { object: key, reason, message, pods: null };
}
