import type { DriftItemReport, ObjectFailure, TargetHealth } from '@fairlead/shared/contracts';
import type { ObjectState } from '../domain/health/target-health.ts';
import { current } from '../domain/health/object-health.ts';
import { targetHealth } from '../domain/health/target-health.ts';
import type { Report } from '../hub/report-buffer.ts';
import type { ClosedDrift } from './drift/drift-check.ts';
import type { ObjectRecord } from './state/object-record.ts';
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
    const failures = phase === 'failed' ? this.#failures() : [];
    const failing = [...this.#state.records.values(), ...this.#state.refused].filter(
      (record) => record.failure !== null,
    );
    this.#send({
      type: 'ack',
      ...head,
      phase,
      permanent: phase === 'failed' && (problem?.permanent ?? failing.some((record) => record.failure?.permanent)),
      message: phase === 'failed' ? (problem?.message ?? `${failing.length} objects could not be applied`) : null,
      failures,
    });
  }

  /** Sends the status when it differs from the last one. Gives the health of the target. */
  status(): TargetHealth {
    const { assignment, phase, refused, problem } = this.#state;
    const head = this.#head();
    if (assignment === null || head === null) return 'unknown';
    const applied = phase === 'applied';
    const records = [...this.#state.desired(), ...refused];
    const states = [...(problem?.failures ?? []).map(problemState), ...records.map(objectState)];
    const { health, counts, failing, notices } = targetHealth(states, {
      applied: applied || phase === 'deleted' || assignment.mode === 'frozen',
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

  #failures(): ObjectFailure[] {
    const failures = (this.#state.problem?.failures ?? []).slice(0, mostFailures);
    for (const { key, failure } of [...this.#state.refused, ...this.#state.records.values()]) {
      if (failure !== null && failures.length < mostFailures)
        failures.push({ object: key, reason: failure.reason, message: failure.message, pods: null });
    }
    return failures;
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
