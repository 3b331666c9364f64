import type { TargetSettings } from '@fairlead/shared/contracts';
import { compileIgnoreRules } from '../domain/ignore/ignore-rules.ts';
import type { IgnoreRules } from '../domain/ignore/ignore-rules.ts';
import type { Logger } from '../logger.ts';

const compiled = new WeakMap<TargetSettings['ignore'], Promise<IgnoreRules>>();

/** The ignore rules of an assignment; compiled once, and what cannot be read is logged once. */
export function ignoreRulesOf({ ignore }: Pick<TargetSettings, 'ignore'>, log: Logger): Promise<IgnoreRules> {
  let rules = compiled.get(ignore);
  if (rules === undefined) {
    rules = compileIgnoreRules(ignore).then((outcome) => {
      for (const problem of outcome.problems)
        log.warn('an ignore rule cannot be read and matches nothing', { problem });
      return outcome;
    });
    compiled.set(ignore, rules);
  }
  return rules;
}
