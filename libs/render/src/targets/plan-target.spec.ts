import type { AppManifest } from '../app/app-manifest.ts';
import { parseApp } from '../app/parse-app.ts';
import { planTarget } from './plan-target.ts';

function app(targets: string): AppManifest {
  const text = `apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: a }\nspec:\n  variables: { size: 1, kept: x }\n  targets:${targets}`;
  const parsed = parseApp(text, 'fairlead.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.app;
}

const cluster = (name: string, labels: Record<string, string> = {}) => ({
  name,
  labels,
  annotations: {},
  kubernetesVersion: null,
});

describe('target plan', () => {
  it('deploys an app without targets everywhere', () => {
    expect(planTarget(app(' []'), cluster('x')).deploy).toBe(true);
  });

  it('leaves out a cluster that no target matches', () => {
    const plan = planTarget(app('\n  - selector: { matchLabels: { env: prod } }'), cluster('x', { env: 'dev' }));
    expect(plan).toEqual({ deploy: false });
  });

  it('merges all matching targets in their order, later wins', () => {
    const targets = `
  - selector: {}
    variables: { size: 2, other: z }
    components: [a]
  - selector: { matchExpressions: [{ key: gpu, operator: Exists }] }
    variables: { size: 3 }
    components: [b]`;
    expect(planTarget(app(targets), cluster('x', { gpu: '' }))).toMatchObject({
      variables: { size: 3, kept: 'x', other: 'z' },
      components: ['a', 'b'],
    });
    expect(planTarget(app(targets), cluster('x'))).toMatchObject({ variables: { size: 2 }, components: ['a'] });
  });

  it('lets the last word on deploy count', () => {
    const targets = '\n  - selector: {}\n  - clusters: [lab-7]\n    deploy: false';
    expect(planTarget(app(targets), cluster('lab-7')).deploy).toBe(false);
    expect(planTarget(app(targets), cluster('lab-8')).deploy).toBe(true);
  });

  it.each([
    ['In', '[a, b]', { k: 'a' }, true],
    ['In', '[a, b]', {}, false],
    ['NotIn', '[a]', {}, true],
    ['NotIn', '[a]', { k: 'a' }, false],
    ['Exists', '[]', { k: '' }, true],
    ['DoesNotExist', '[]', { k: '' }, false],
  ])('understands %s %s', (operator, values, labels, expected) => {
    const list = values === '[]' ? '' : `, values: ${values}`;
    const targets = `\n  - selector: { matchExpressions: [{ key: k, operator: ${operator}${list} }] }`;
    expect(planTarget(app(targets), cluster('x', labels)).deploy).toBe(expected);
  });
});
