import { readiness, readinessForWave } from '../../domain/apply/readiness.ts';
import type { Awaited, Readiness } from '../../domain/apply/readiness.ts';
import { current } from '../../domain/health/object-health.ts';
import { policyOf } from '../state/object-record.ts';
import type { ObjectRecord } from '../state/object-record.ts';
import { desiredHash } from './apply-object.ts';
import { isWaiting, skippedBecauseOf, waitingFor } from './failures.ts';

/** Objects that others wait for, and how they stood when that was found out. */
export interface Blockage {
  readonly by: readonly ObjectRecord[];
  readonly isWave: boolean;
  readonly stood: Readiness;
}

/** Finds out which objects of a release have to wait for others, or cannot be applied because of others. */
export class Blocking {
  readonly found: Blockage[] = [];
  readonly #records: readonly ObjectRecord[];
  readonly #byKey: ReadonlyMap<string, ObjectRecord>;
  #wave: { readonly number: number; readonly blockage: Blockage | null } | null = null;

  /** `records`: all objects of the release, those that cannot be written included. */
  constructor(records: readonly ObjectRecord[]) {
    this.#records = records;
    this.#byKey = new Map(records.map((record) => [record.key, record]));
  }

  /** Whether a record may be written now; if not, that is noted as its failure. */
  mayWrite(record: ObjectRecord): boolean {
    const blockage = this.#blockageOf(record);
    if (blockage === null) return true;
    const names = blockage.by.map(({ key }) => key);
    record.failure = blockage.stood === 'failed' ? skippedBecauseOf(names) : waitingFor(names);
    return false;
  }

  #blockageOf(record: ObjectRecord): Blockage | null {
    const wave = this.#waveBlockage(record.place.wave);
    if (wave !== null) return wave;
    if (record.waitsFor.length === 0) return null;
    const by = record.waitsFor.flatMap((key) => this.#byKey.get(key) ?? []);
    return this.#note(by, false);
  }

  /** Everything of the waves before; asked once a wave, when all of it was tried. */
  #waveBlockage(number: number): Blockage | null {
    if (this.#wave?.number !== number) {
      const before = this.#records.filter(({ place }) => place.wave < number);
      this.#wave = { number, blockage: this.#note(before, true) };
    }
    return this.#wave.blockage;
  }

  #note(records: readonly ObjectRecord[], isWave: boolean): Blockage | null {
    const stood = together(records, isWave);
    if (stood === 'ready') return null;
    const ask = askFor(isWave);
    const blockage = { by: records.filter((record) => ask(awaited(record)) === stood), isWave, stood };
    this.found.push(blockage);
    return blockage;
  }
}

/** Whether something that waited may go on, or has nothing to wait for any more. */
export function hasMoved(blockages: readonly Blockage[]): boolean {
  return blockages.some(({ by, isWave, stood }) => together(by, isWave) !== stood);
}

function together(records: readonly ObjectRecord[], isWave: boolean): Readiness {
  const ask = askFor(isWave);
  let result: Readiness = 'ready';
  for (const record of records) {
    const one = ask(awaited(record));
    if (one === 'failed') return 'failed';
    if (one === 'waiting') result = 'waiting';
  }
  return result;
}

function askFor(isWave: boolean): (awaited: Awaited) => Readiness {
  return isWave ? readinessForWave : readiness;
}

function awaited(record: ObjectRecord): Awaited {
  const isApplied = record.appliedHash === desiredHash(record);
  const failure = record.failure === null ? null : { isWaiting: isWaiting(record.failure) };
  // What is left alone is as it should be.
  return { id: record.id, health: policyOf(record) === 'normal' ? record.health : current, isApplied, failure };
}
