import type { HealthRule } from '@fairlead/shared/contracts';
import { unknown } from './object-health.ts';
import type { OwnRule } from './rules.ts';

export interface RuleProblem {
  readonly apiVersion: string;
  readonly kind: string;
  readonly message: string;
}

/** The health rules an app brings along. A rule that cannot be read makes the objects of its kind unknown, and is named. */
export interface OwnRules {
  readonly problems: readonly RuleProblem[];
  find(apiVersion: string, kind: string): OwnRule | null;
}

const noOwnRules: OwnRules = { problems: [], find: () => null };

/** Reads the rules of an app. The expression engine is loaded only when there are any. */
export async function readOwnRules(rules: readonly HealthRule[]): Promise<OwnRules> {
  if (rules.length === 0) return noOwnRules;
  const { compileRule, ruleProblem } = await import('./expressions.ts');
  const compiled = new Map<string, OwnRule>();
  const problems: RuleProblem[] = [];
  for (const rule of rules) {
    const { apiVersion, kind } = rule;
    try {
      compiled.set(`${apiVersion} ${kind}`, await compileRule(rule));
    } catch (error) {
      const message = ruleProblem(error);
      problems.push({ apiVersion, kind, message });
      compiled.set(`${apiVersion} ${kind}`, () => unknown('RuleError', message));
    }
  }
  return { problems, find: (apiVersion, kind) => compiled.get(`${apiVersion} ${kind}`) ?? null };
}
