import { groupSilent, noAnswer } from './kube-error.ts';
import type { KubeError } from './kube-error.ts';
import { pause } from './pause.ts';

interface GroupState {
  notBefore: number;
  silentUntil: number;
}

const everything = '';
const mostWaitMs = 300_000;

/**
 * Says when a request may go. Too many requests make all of them wait; a group that is busy, or does not answer at all,
 * concerns only the requests about it.
 */
export class RequestGate {
  readonly #groups = new Map<string, GroupState>();

  /** Waits as long as the server asked for; throws at once when the group is known to be silent. */
  async pass(group: string | null, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      this.throwIfSilent(group);
      const notBefore = Math.max(this.#of(everything).notBefore, this.#of(group ?? everything).notBefore);
      const waitMs = notBefore - performance.now();
      if (waitMs <= 0) return;
      await pause(waitMs, signal);
    }
  }

  throwIfSilent(group: string | null): void {
    if (group !== null && performance.now() < this.#of(group).silentUntil) throw silent(group);
  }

  /** The server asked for a pause. */
  throttled(group: string | null, status: number, ms: number): void {
    const state = this.#of(status === 429 ? everything : (group ?? everything));
    state.notBefore = Math.max(state.notBefore, performance.now() + Math.min(ms, mostWaitMs));
  }

  /** A request about the group got no answer in time: others are not sent after it for a while. */
  fellSilent(group: string, forMs: number): KubeError {
    this.#of(group).silentUntil = performance.now() + forMs;
    return silent(group);
  }

  #of(group: string): GroupState {
    let state = this.#groups.get(group);
    if (state === undefined) this.#groups.set(group, (state = { notBefore: 0, silentUntil: 0 }));
    return state;
  }
}

function silent(group: string): KubeError {
  return noAnswer(`the API group ${group} does not answer`, groupSilent);
}
