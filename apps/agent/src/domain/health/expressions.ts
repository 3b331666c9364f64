import type { ASTNode } from '@marcbachmann/cel-js';
import { Environment } from '@marcbachmann/cel-js';
import type { HealthRule } from '@fairlead/shared/contracts';
import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldAt, isJsonObject } from '@fairlead/manifests';
import type { ExpressionShape } from './expression-cost.ts';
import { expressionLimits, isAffordable, loopNames } from './expression-cost.ts';
import { condition, current, failed, progressing, text, unknown } from './object-health.ts';
import type { OwnRule } from './rules.ts';

/** The engine's own `matches` can be made to run for ever; calls of it are given to this function instead. */
const linearMatches = 'matchesInLinearTime';

type Expression = (object: JsonObject) => boolean;
type Pattern = (source: string, value: string) => boolean;

/** Compiles the rule of one kind. Throws when an expression is not valid, or may take too long. */
export async function compileRule(rule: HealthRule): Promise<OwnRule> {
  const sources = [rule.progressing, rule.failed, rule.current].filter((source) => source !== null);
  const usesPatterns = sources.some((source) => source.includes('matches'));
  const pattern = usesPatterns ? await linearPatterns() : () => false;
  const compiled = (name: 'progressing' | 'failed' | 'current') => {
    const source = rule[name];
    return source === null ? () => false : compile(name, source, pattern);
  };
  const isProgressing = compiled('progressing');
  const isFailed = compiled('failed');
  const isCurrent = compiled('current');
  return (object) => {
    try {
      const seen = rule.kind === 'Secret' ? withoutValues(object) : object;
      if (isProgressing(seen)) return progressing('Progressing', explanation(object, 'the rule of the app says so'));
      if (isFailed(seen)) return failed('Failed', explanation(object, 'the rule of the app says so'));
      if (isCurrent(seen)) return current;
      return progressing('NotCurrent', explanation(object, 'no expression of the rule is true'));
    } catch (error) {
      return unknown('RuleError', ruleProblem(error));
    }
  };
}

/** What is wrong with a rule, in one line. */
export function ruleProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').slice(0, 300);
}

function compile(name: string, source: string, pattern: Pattern): Expression {
  if (source.length > expressionLimits.characters)
    throw new RangeError(`"${name}" is longer than ${expressionLimits.characters} characters`);
  const environment = new Environment({
    enableOptionalTypes: true,
    limits: { maxAstNodes: expressionLimits.nodes, maxDepth: expressionLimits.depth },
  })
    .registerVariable('object', 'dyn')
    .registerFunction(`string.${linearMatches}(string): bool`, (value: string, regexp: string) =>
      pattern(regexp, value),
    );
  const run = describeProblem(name, () => environment.parse(source));
  const shape = measure(name, run.ast);
  const checked = run.check();
  if (!checked.valid) throw new TypeError(`"${name}": ${ruleProblem(checked.error)}`);
  if (checked.type !== 'bool' && checked.type !== 'dyn') throw new TypeError(`"${name}" is no condition`);
  return (object) => {
    if (!isAffordable(shape, object)) throw new RangeError(`"${name}" loops over lists that are too long`);
    const result: unknown = describeProblem(name, () => run({ object: celValue(object) }) as unknown);
    if (typeof result !== 'boolean') throw new TypeError(`"${name}" is neither true nor false`);
    return result;
  };
}

function describeProblem<Result>(name: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    throw new TypeError(`"${name}": ${ruleProblem(error)}`);
  }
}

/** Measures an expression, refuses what cannot be bounded, and redirects its patterns. */
function measure(name: string, root: ASTNode): ExpressionShape {
  const seen = { nodes: 0, loops: 0, nesting: 0, splitsText: false };
  const visit = (value: unknown, nesting: number): number => {
    if (Array.isArray(value)) return value.reduce<number>((most, part) => Math.max(most, visit(part, nesting)), 0);
    if (!isNode(value)) return 0;
    seen.nodes += 1;
    if (value.op !== 'rcall') return visit(value.args, nesting);
    const call = value.args as [string, ASTNode, ASTNode[]];
    const [called, receiver, parameters] = call;
    if (called === 'bind') throw new TypeError(`"${name}": bind is not supported`);
    if (called === 'split') seen.splitsText = true;
    if (called === 'matches') call[0] = linearMatches;
    if (!loopNames.has(called)) return Math.max(visit(receiver, nesting), visit(parameters, nesting));
    seen.loops += 1;
    seen.nesting = Math.max(seen.nesting, nesting + 1);
    const chained = visit(receiver, nesting) + 1;
    if (chained > expressionLimits.chained) throw new RangeError(`"${name}" chains too many loops`);
    visit(parameters, nesting + 1);
    return chained;
  };
  visit(root, 0);
  if (seen.loops > expressionLimits.loops) throw new RangeError(`"${name}" has too many loops`);
  if (seen.nesting > expressionLimits.nesting) throw new RangeError(`"${name}" has loops too deep in loops`);
  return seen;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

/** Whole numbers are `int` in expressions, as the API means them. */
function celValue(value: Json): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, celValue(field)]));
}

function withoutValues(object: JsonObject): JsonObject {
  const { data: _data, stringData: _text, ...rest } = object;
  return rest;
}

function explanation(object: JsonObject, otherwise: string): string {
  return condition(object, 'Ready')?.message || text(fieldAt(object, ['status', 'message'])) || otherwise;
}

async function linearPatterns(): Promise<Pattern> {
  const { RE2JS } = await import('re2js');
  const known = new Map<string, ReturnType<typeof RE2JS.compile>>();
  return (source, value) => {
    let pattern = known.get(source);
    if (pattern === undefined) {
      if (known.size >= 20) known.clear();
      pattern = RE2JS.compile(source);
      known.set(source, pattern);
    }
    return pattern.matcher(value).find();
  };
}
