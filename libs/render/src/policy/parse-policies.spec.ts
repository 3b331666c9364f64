import { formatFinding } from '../finding.ts';
import { parsePolicies } from './parse-policies.ts';

const head = 'apiVersion: fairlead.dev/v1\nkind: Policy\nmetadata: { name: p }\n';

function errorsOf(text: string, check: (expression: string) => string | null = () => null): string[] {
  const parsed = parsePolicies(text, 'fairlead-policies.yaml', check);
  return parsed.ok ? [] : parsed.errors.map(formatFinding);
}

describe('a file of policies', () => {
  it('holds any number of them', () => {
    const parsed = parsePolicies(
      `${head}spec: { action: warn, use: no-privileged }\n---\n${head}spec: { action: deny, rules: [{ expression: "true", message: m }] }\n`,
      'fairlead-policies.yaml',
      () => null,
    );
    expect(parsed.ok && parsed.policies.map(({ action, use, rules }) => [action, use, rules.length])).toEqual([
      ['warn', 'no-privileged', 0],
      ['deny', null, 1],
    ]);
  });

  it.each([
    ['spec: { action: refuse }\n', /action must be one of deny, warn, audit/],
    ['spec: { action: deny }\n', /needs "use" or "rules"/],
    ['spec: { action: deny, rule: [] }\n', /unknown field "rule" \(did you mean "rules"\?\)/],
    ['spec: { action: deny, use: x, exemptions: [{ until: "2026-12-31" }] }\n', /"reason" is missing/],
    ['spec: { action: deny, use: x, exemptions: [{ reason: r, until: "tomorrow" }] }\n', /a day such as/],
    ['spec: { use: x }\n', /"action" is missing/],
  ])('says what is wrong, and where: %j', (spec, expected) => {
    const [error = ''] = errorsOf(head + spec);
    expect(error).toMatch(expected);
    expect(error).toMatch(/^fairlead-policies\.yaml:4/);
  });

  it('is refused for an expression that is none', () => {
    const spec = 'spec:\n  action: deny\n  rules:\n  - { expression: "(", message: m }\n';
    expect(errorsOf(head + spec, () => 'it is no CEL')).toEqual(['fairlead-policies.yaml:7:7: it is no CEL']);
  });
});
