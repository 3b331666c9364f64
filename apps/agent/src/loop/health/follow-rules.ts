import type { Notice, TargetSettings } from '@fairlead/shared/contracts';
import { current } from '../../domain/health/object-health.ts';
import type { TargetState } from '../state/target-state.ts';
import { ownRulesOf, watchesHealth } from './own-rules-of.ts';

/** Other health rules than before: objects they are about are looked at again, and those without a rule are well. */
export function followRules(state: TargetState, { health }: Pick<TargetSettings, 'health'>): void {
  const before = state.assignment?.settings.health ?? [];
  if (JSON.stringify(before) === JSON.stringify(health)) return;
  const kinds = new Set([...before, ...health].map((rule) => `${rule.apiVersion} ${rule.kind}`));
  for (const record of state.desired()) {
    if (!kinds.has(`${record.apiVersion} ${record.id.kind}`) || record.appliedHash === null) continue;
    if (watchesHealth(record, health)) record.healthDueAt = 0;
    else record.health = current;
  }
}

/** What is wrong with the rules of an app, for people. */
export async function ruleNotices(rules: TargetSettings['health']): Promise<Notice[]> {
  const { problems } = await ownRulesOf(rules);
  return problems.map(({ apiVersion, kind, message }) => ({
    reason: 'HealthRuleInvalid',
    object: null,
    message: `the health rule of ${apiVersion} ${kind} is not valid: ${message}`.slice(0, 500),
  }));
}
