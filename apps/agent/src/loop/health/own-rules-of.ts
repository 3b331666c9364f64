import type { TargetSettings } from '@fairlead/shared/contracts';
import type { OwnRules } from '../../domain/health/own-rules.ts';
import { readOwnRules } from '../../domain/health/own-rules.ts';
import { hasHealthRule } from '../../domain/health/rules.ts';
import type { ObjectRecord } from '../state/object-record.ts';

type Rules = TargetSettings['health'];

const read = new WeakMap<Rules, Promise<OwnRules>>();

/** The health rules of an assignment, read once. */
export function ownRulesOf(rules: Rules): Promise<OwnRules> {
  let own = read.get(rules);
  if (own === undefined) read.set(rules, (own = readOwnRules(rules)));
  return own;
}

/** Whether the health of an object is looked at; without a rule it is healthy once it is applied. */
export function watchesHealth({ id, apiVersion }: Pick<ObjectRecord, 'id' | 'apiVersion'>, rules: Rules): boolean {
  return hasHealthRule(id) || rules.some((rule) => rule.kind === id.kind && rule.apiVersion === apiVersion);
}
