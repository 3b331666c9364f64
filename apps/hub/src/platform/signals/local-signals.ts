import { EventEmitter } from 'node:events';
import type { Signals } from '../queue/queue.ts';

/** The ears of this process. The publishers of the other replicas end here too. */
export class LocalSignals implements Signals {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  listen(topic: string, hear: (key: string) => void): () => void {
    this.#emitter.on(topic, hear);
    return () => this.#emitter.off(topic, hear);
  }

  hear(topic: string, key: string): void {
    this.#emitter.emit(topic, key);
  }
}
