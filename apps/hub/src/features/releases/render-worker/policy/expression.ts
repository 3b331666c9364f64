import type { ASTNode } from '@marcbachmann/cel-js';
import { Environment } from '@marcbachmann/cel-js';
import { isJsonObject, type Json } from '@fairlead/manifests';
import { compilePattern } from '@fairlead/render';

/** What an expression of a policy may look at. */
export interface PolicyFacts {
  readonly object: Json;
  /** All objects of the target. */
  readonly objects: readonly Json[];
  /** The Pod template of the object, null when it runs no Pods. */
  readonly pod: Json;
  /** All containers of that template. */
  readonly containers: readonly Json[];
  readonly cluster: Json;
  readonly app: Json;
  readonly params: Json;
}

const names = ['object', 'objects', 'pod', 'containers', 'cluster', 'app', 'params'] as const;
// The engine's own `matches` can be made to run for ever.
const linearMatches = 'matchesInLinearTime';

const environment = new Environment({ limits: { maxAstNodes: 500, maxDepth: 50 } }).registerFunction(
  `string.${linearMatches}(string): bool`,
  (value: string, source: string) => {
    const pattern = compilePattern(`(?s:.*)(?:${source})(?s:.*)`);
    if (pattern === null) throw new RangeError(`"${source}" is no regular expression (RE2)`);
    return pattern.matches(value);
  },
);
for (const name of names) environment.registerVariable(name, 'dyn');

export type PolicyExpression = (facts: PolicyFacts) => boolean;

const compiled = new Map<string, PolicyExpression>();

/** Compiles an expression that must be true of a good object. Throws when it is no CEL or could give no truth value. */
export function compileExpression(source: string): PolicyExpression {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const run = environment.parse(source);
  redirectPatterns(run.ast);
  const checked = run.check();
  if (!checked.valid) throw checked.error ?? new TypeError('it is no CEL');
  if (checked.type !== 'bool' && checked.type !== 'dyn') throw new TypeError('it gives no truth value');
  const expression: PolicyExpression = (facts) => {
    const result: unknown = run(celFacts(facts));
    if (typeof result !== 'boolean') throw new TypeError('it is neither true nor false');
    return result;
  };
  if (compiled.size >= 500) compiled.clear();
  compiled.set(source, expression);
  return expression;
}

/** What is wrong with an expression, or null. */
export function problemOf(source: string): string | null {
  try {
    compileExpression(source);
    return null;
  } catch (error) {
    return firstLine(error);
  }
}

export function firstLine(error: unknown): string {
  return ((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '').slice(0, 300);
}

function redirectPatterns(value: unknown): void {
  if (Array.isArray(value)) for (const part of value) redirectPatterns(part);
  if (!isNode(value)) return;
  if (value.op === 'rcall') {
    const call = value.args as [string, ASTNode, ASTNode[]];
    if (call[0] === 'matches') call[0] = linearMatches;
  }
  redirectPatterns(value.args);
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

// Objects are the same for every policy: what was turned once is kept as long as they live.
const turned = new WeakMap<object, unknown>();

function celFacts(facts: PolicyFacts): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, celValue(facts[name] as Json)]));
}

/** Whole numbers are `int` in expressions, as the API means them. */
function celValue(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const known = turned.get(value);
  if (known !== undefined) return known;
  const result = isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, field]) => [key, celValue(field)]))
    : value.map(celValue);
  turned.set(value, result);
  return result;
}
