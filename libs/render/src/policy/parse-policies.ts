import type { Json, JsonObject, YamlPath } from '@fairlead/manifests';
import { isJsonObject, parseYamlDocuments, YamlError } from '@fairlead/manifests';
import { selectorShape } from '../app/app-shape.ts';
import { readSelector } from '../app/selector-spec.ts';
import { choice, fields, list } from '../app/shapes.ts';
import type { Finding } from '../finding.ts';
import { findingAt, findingOfYamlError } from '../finding.ts';
import { listOf, objectOf, textOf, textsOf } from '../json-reading.ts';
import type { Shape } from '../schema-shape.ts';
import { anything, checkShape, text, texts } from '../schema-shape.ts';
import type { Policy } from './policy.ts';

const day: Shape = {
  type: 'text',
  accepts: (value) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)),
  expected: 'a day such as "2026-12-31", in quotes',
};
const expression: Shape = {
  type: 'text',
  accepts: (value) => value.trim() !== '' && value.length <= 2000,
  expected: 'a CEL expression of at most 2000 characters',
};

const policyShape = fields(
  {
    apiVersion: choice('fairlead.dev/v1'),
    kind: choice('Policy'),
    metadata: fields({ name: text }, ['name']),
    spec: fields(
      {
        action: choice('deny', 'warn', 'audit'),
        use: text,
        match: fields({ kinds: texts, apps: texts, clusters: selectorShape }),
        params: { type: 'map', of: anything },
        rules: list(fields({ expression, message: text }, ['expression', 'message']), 50),
        exemptions: list(
          fields({ apps: texts, clusters: texts, objects: texts, until: day, reason: text }, ['reason']),
          200,
        ),
      },
      ['action'],
    ),
  },
  ['apiVersion', 'kind', 'metadata', 'spec'],
);

export type ParsedPolicies =
  { readonly ok: true; readonly policies: Policy[] } | { readonly ok: false; readonly errors: Finding[] };

/** Reads a file of policies; every mistake is reported with its place. `check` says what is wrong with an expression. */
export function parsePolicies(
  content: string,
  file: string,
  check: (expression: string) => string | null,
): ParsedPolicies {
  try {
    const { documents } = parseYamlDocuments(content, { dialect: 'sigs', fileName: file });
    const filled = documents.filter((document) => document.value !== null);
    const errors: Finding[] = [];
    const policies = filled.flatMap(({ value, line }) => {
      const report = (path: YamlPath, message: string, hint?: string) => {
        // Places are looked up in the file's only document; of several, the line of the document is told.
        const found = findingAt({ file, text: filled.length === 1 ? content : '', path }, message, hint);
        errors.push(filled.length === 1 ? found : { ...found, line });
      };
      return readPolicy(value, file, { report, check });
    });
    return errors.length > 0 ? { ok: false, errors } : { ok: true, policies };
  } catch (error) {
    if (error instanceof YamlError) return { ok: false, errors: [findingOfYamlError(error)] };
    throw error;
  }
}

interface Reading {
  readonly report: (path: YamlPath, message: string, hint?: string) => void;
  readonly check: (expression: string) => string | null;
}

function readPolicy(document: Json, file: string, { report, check }: Reading): Policy[] {
  const problems = isJsonObject(document)
    ? checkShape(document, policyShape)
    : [{ path: [], message: 'a Policy is expected' }];
  for (const problem of problems) report(problem.path, problem.message, 'hint' in problem ? problem.hint : undefined);
  if (problems.length > 0) return [];
  const spec = objectOf(document, 'spec') ?? {};
  const match = objectOf(spec, 'match');
  const rules = listOf(spec, 'rules').map((rule, index) => {
    const text = textOf(rule, 'expression') ?? '';
    const problem = check(text);
    if (problem !== null) report(['spec', 'rules', index, 'expression'], problem);
    return { expression: text, message: textOf(rule, 'message') ?? '' };
  });
  const use = textOf(spec, 'use') ?? null;
  if (use === null && rules.length === 0) report(['spec'], 'a policy needs "use" or "rules"');
  return [
    {
      file,
      name: textOf(objectOf(document, 'metadata'), 'name') ?? '',
      action: (textOf(spec, 'action') ?? 'deny') as Policy['action'],
      use,
      kinds: textsOf(match, 'kinds'),
      apps: textsOf(match, 'apps'),
      clusters: readSelector(objectOf(match, 'clusters') ?? {}, ['spec', 'match', 'clusters'], report),
      params: (objectOf(spec, 'params') ?? {}) as JsonObject,
      rules,
      exemptions: listOf(spec, 'exemptions').map((exemption) => ({
        apps: textsOf(exemption, 'apps'),
        clusters: textsOf(exemption, 'clusters'),
        objects: textsOf(exemption, 'objects'),
        until: textOf(exemption, 'until') ?? null,
        reason: textOf(exemption, 'reason') ?? '',
      })),
    },
  ];
}
