/** Marks a branch the compiler proves unreachable; throws when data from outside reaches it anyway. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
