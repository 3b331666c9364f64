import { parseArgs } from 'node:util';
import { CodedError } from '@fairlead/shared/kernel';
import { presetYaml } from './preset-yaml.ts';
import { presetNames } from './presets.ts';
import type { PresetName } from './presets.ts';

const options = { preset: { type: 'string' }, namespaces: { type: 'string' }, namespace: { type: 'string' } } as const;
const nameRule = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** `agent rbac --preset NAME [--namespaces A,B] [--namespace NS]`: the text it prints. Nothing is contacted. */
export function rbacCommand(argv: readonly string[]): string {
  const { preset, namespaces = '', namespace = 'fairlead-system' } = readFlags(argv);
  const chosen = presetNames.find((name) => name === preset);
  if (chosen === undefined) throw invalid(`--preset must be one of ${presetNames.join(', ')}`);
  const list = namespaces.split(',').filter((name) => name !== '');
  checkNamespaces(chosen, [namespace, ...list]);
  return presetYaml(chosen, { agentNamespace: namespace, namespaces: list });
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function checkNamespaces(preset: PresetName, names: readonly string[]): void {
  const wrong = names.find((name) => !nameRule.test(name));
  if (wrong !== undefined) throw invalid(`"${wrong}" is not the name of a namespace`);
  const takesNone = preset === 'cluster-admin';
  if (takesNone && names.length > 1) throw invalid('--namespaces goes with the presets namespaced and restricted');
  if (!takesNone && names.length < 2) throw invalid(`the preset ${preset} needs --namespaces A,B`);
}

function invalid(problem: string): CodedError {
  return new CodedError({ code: 'agent.config', kind: 'invalid' }, 'the configuration is not valid', {
    problems: [problem],
  });
}
