/** Whether something thrown carries this `code` (`ENOENT`, `23505`). Looks at the property only: the error may come from another realm. */
export function hasCode(thrown: unknown, code: string): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === code;
}
