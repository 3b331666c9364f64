import { setTimeout as pause } from 'node:timers/promises';
import type { AgentReport } from '@fairlead/shared/contracts';

interface Options {
  /** Stores reports; rejects when they could not be stored now. */
  store: (reports: AgentReport[]) => Promise<void>;
  pause: () => void;
  resume: () => void;
  onError: (error: unknown) => void;
}

const batchSize = 200;
const fullAt = 1000;
const retryMs = { first: 200, most: 5000 };

/** Reports on their way to the database, in order and in batches. While it is full nothing more is read from the agent. */
export class ReportQueue {
  readonly #options: Options;
  #waiting: AgentReport[] = [];
  #isDraining = false;
  #isPaused = false;
  #isStopped = false;

  constructor(options: Options) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#isPaused;
  }

  add(report: AgentReport): void {
    this.#waiting.push(report);
    if (!this.#isPaused && this.#waiting.length >= fullAt) {
      this.#isPaused = true;
      this.#options.pause();
    }
    if (!this.#isDraining) void this.#drain();
  }

  /** What is not stored yet stays with the agent, which sends it again. */
  stop(): void {
    this.#isStopped = true;
    this.#waiting = [];
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    let waitMs = retryMs.first;
    while (this.#waiting.length > 0 && !this.#isStopped) {
      const batch = this.#waiting.slice(0, batchSize);
      try {
        await this.#options.store(batch);
        this.#waiting.splice(0, batch.length);
        waitMs = retryMs.first;
      } catch (error) {
        this.#options.onError(error);
        await pause(waitMs);
        waitMs = Math.min(retryMs.most, waitMs * 2);
      }
      if (this.#isPaused && this.#waiting.length < fullAt / 2) {
        this.#isPaused = false;
        this.#options.resume();
      }
    }
    this.#isDraining = false;
  }
}
