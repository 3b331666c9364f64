import type { Json } from '@fairlead/manifests';

/** What is needed to know of an expression to bound the time that it takes; nothing can interrupt it once it runs. */
export interface ExpressionShape {
  readonly nodes: number;
  /** Loops inside loops. */
  readonly nesting: number;
  /** Texts may be taken apart into lists. */
  readonly splitsText: boolean;
}

export const loopNames: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
export const expressionLimits = {
  characters: 2_000,
  nodes: 500,
  depth: 50,
  loops: 16,
  nesting: 2,
  chained: 4,
} as const;
const mostSteps = 2_000_000;

/** Whether an expression may be run over an object: steps grow with the longest list, once more for each loop in a loop. */
export function isAffordable({ nodes, nesting, splitsText }: ExpressionShape, object: Json): boolean {
  if (nesting === 0) return true;
  return longestList(object, splitsText) ** nesting * nodes <= mostSteps;
}

function longestList(value: Json, countsText: boolean): number {
  if (typeof value === 'string') return countsText ? value.length : 0;
  if (typeof value !== 'object' || value === null) return 0;
  const parts = Object.values(value);
  return parts.reduce<number>((most, part) => Math.max(most, longestList(part, countsText)), parts.length);
}
