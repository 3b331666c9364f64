import { Environment } from '@marcbachmann/cel-js';

const environment = new Environment().registerVariable('object', 'dyn');

/** Says why a health expression could never be asked, or null: it must be CEL over `object` that gives true or false. */
export function checkExpression(text: string): string | null {
  try {
    const { valid, error, type } = environment.check(text);
    if (!valid) return firstLine(error);
    return type === 'bool' || type === 'dyn' ? null : `it gives ${type ?? 'no value'}, not true or false`;
  } catch (error) {
    return firstLine(error);
  }
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it is no CEL';
}
