import type { Json } from '@fairlead/manifests';
import { fail } from '../finding.ts';

const limit = 16 * 1024 * 1024;
// What a value takes beside its text.
const bytesOfValue = 16;

/** Counts what a build copies around, so that a small input cannot grow without end. */
export class CopyBudget {
  #left = limit;

  /** Takes the size of what is about to be copied. */
  spend(size: number, file: string): void {
    this.#left -= size;
    if (this.#left < 0) fail({ file, message: `the build copies more than ${limit} bytes` });
  }
}

/** What a value takes in memory, nearly. */
export function sizeOf(value: Json): number {
  if (typeof value === 'string') return value.length + bytesOfValue;
  if (typeof value !== 'object' || value === null) return bytesOfValue;
  let size = bytesOfValue;
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item);
  else for (const key in value) size += key.length + sizeOf(value[key] ?? null);
  return size;
}
