import type { Json, JsonObject, YamlPath } from '@fairlead/manifests';
import { defaultConfirmKinds, fieldOf, parseSelectorText, SelectorTextError } from '@fairlead/manifests';
import { flagOf, listOf, objectOf, textOf, textsOf } from '../json-reading.ts';
import { compilePattern } from '../text-pattern.ts';
import { readObjectTarget } from './app-patch.ts';
import { oneOf } from './choices.ts';
import type { ApplySpec, CheckExpression, HealthRule, IgnoreRule, PruneSpec } from './engine-settings.ts';

type Report = (path: YamlPath, message: string) => void;

const patternFields = ['group', 'version', 'kind', 'namespace', 'name'] as const;
const selectorFields = ['labelSelector', 'annotationSelector'] as const;
// RFC 6901, where a step may be `[key=value]` with any text as the value.
const pointer = /^(?:\/(?:\[[^\]=~/]+=(?:[^\]~/]|~[01])*\]|(?:[^~/[]|~[01])(?:[^~/]|~[01])*))+$/;
const printable = /^[\x20-\x7e]{1,128}$/;

export function readApply(apply: JsonObject | undefined, report: Report): ApplySpec {
  return {
    conflicts: oneOf(textOf(apply, 'conflicts'), ['force', 'report'], 'force'),
    adopt: oneOf(textOf(apply, 'adopt'), ['unowned', 'never', 'always'], 'unowned'),
    recreate: flagOf(apply, 'recreate') ?? false,
    takeOver: textsOf(apply, 'takeOver').map((text, index) =>
      readManager(text, (message) => {
        report(['spec', 'apply', 'takeOver', index], message);
      }),
    ),
    onInvalid: oneOf(textOf(apply, 'onInvalid'), ['reject', 'skip'], 'reject'),
  };
}

export function readPrune(prune: JsonObject | undefined): PruneSpec {
  const maxDeletes = prune?.['maxDeletes'];
  return {
    enabled: flagOf(prune, 'enabled') ?? true,
    maxDeletes: typeof maxDeletes === 'number' || typeof maxDeletes === 'string' ? maxDeletes : '25%',
    confirm: Array.isArray(prune?.['confirm']) ? textsOf(prune, 'confirm') : defaultConfirmKinds,
    allowEmpty: flagOf(prune, 'allowEmpty') ?? false,
    propagation: oneOf(textOf(prune, 'propagation'), ['background', 'foreground', 'orphan'], 'background'),
    cascade: flagOf(prune, 'cascade') ?? false,
  };
}

export function readIgnoreRules(drift: JsonObject | undefined, report: Report): IgnoreRule[] {
  return listOf(drift, 'ignore').map((entry, index) => {
    const at: YamlPath = ['spec', 'drift', 'ignore', index];
    const target = objectOf(entry, 'target');
    const rule = {
      target: readObjectTarget(target),
      paths: textsOf(entry, 'paths'),
      managers: textsOf(entry, 'managers'),
    };
    if (rule.paths.length + rule.managers.length === 0) report(at, 'a rule needs paths or managers');
    checkTarget(target, [...at, 'target'], report);
    rule.paths.forEach((path, place) => {
      if (!pointer.test(path))
        report([...at, 'paths', place], `"${path}" is no JSON pointer such as /spec/replicas or /a/[name=b]/c`);
    });
    return rule;
  });
}

export function readHealthRules(
  rules: readonly Json[],
  report: Report,
  check: CheckExpression = () => null,
): HealthRule[] {
  return rules.map((entry, index) => {
    const at: YamlPath = ['spec', 'health', index];
    for (const field of ['progressing', 'failed', 'current']) {
      const text = textOf(entry, field);
      const problem = text === undefined ? null : check(text);
      if (problem !== null) report([...at, field], `the expression cannot be used: ${problem}`);
    }
    const [apiVersion, kind] = [textOf(entry, 'apiVersion') ?? '', textOf(entry, 'kind') ?? ''];
    const first = rules.findIndex(
      (other) => fieldOf(other, 'apiVersion') === apiVersion && fieldOf(other, 'kind') === kind,
    );
    if (first < index) report(at, `there is another rule for ${apiVersion} ${kind}`);
    return {
      apiVersion,
      kind,
      progressing: textOf(entry, 'progressing') ?? null,
      failed: textOf(entry, 'failed') ?? null,
      current: textOf(entry, 'current') ?? '',
    };
  });
}

function readManager(text: string, report: (message: string) => void): ApplySpec['takeOver'][number] {
  const isPrefix = text.endsWith('*');
  const name = isPrefix ? text.slice(0, -1) : text;
  if (!printable.test(name) || name.includes('*'))
    report(`"${text}" is no name of a field manager (a star may stand at its end only)`);
  return { name, match: isPrefix ? 'prefix' : 'exact' };
}

function checkTarget(target: JsonObject | undefined, at: YamlPath, report: Report): void {
  for (const field of patternFields) {
    const pattern = textOf(target, field);
    if (pattern !== undefined && compilePattern(pattern) === null)
      report([...at, field], `"${pattern}" is no regular expression`);
  }
  for (const field of selectorFields) {
    try {
      parseSelectorText(textOf(target, field) ?? '');
    } catch (error) {
      if (!(error instanceof SelectorTextError)) throw error;
      report([...at, field], error.message);
    }
  }
}
