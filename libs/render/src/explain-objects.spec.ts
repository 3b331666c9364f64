import { parseApp } from './app/parse-app.ts';
import { explainObjects, type ObjectExplanation } from './explain-objects.ts';
import { renderTarget } from './render-target.ts';
import { textTree } from './source/memory-tree.ts';

const cluster = { name: 'west', labels: { env: 'prod' }, annotations: {}, kubernetesVersion: null };

function explain(files: Record<string, string>): Record<string, ObjectExplanation> {
  const file = 'app/fairlead.yaml';
  const text = files[file] ?? '';
  const parsed = parseApp(text, file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const rendered = renderTarget({ tree: textTree(files), appDir: 'app', app: parsed.app, cluster });
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.errors));
  const explained = explainObjects(rendered, { file, text });
  return Object.fromEntries(rendered.objects.map(({ kind }, index) => [kind, explained[index]!]));
}

const app = (spec: string) =>
  `apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\nspec:\n  namespace: shop\n${spec}`;
const configMap = (value: string, name = 'config') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { value: "${value}" }\n`;

describe('explainObjects', () => {
  it('names file and line, the patches of the app with their lines, and the variables of just these places', () => {
    const { ConfigMap, Service } = explain({
      'app/fairlead.yaml': app(`  variables: { size: big, unused: "1", port: 80 }
  patches:
    - target: { kind: ConfigMap }
      patch: { metadata: { labels: { a: b } } }
    - target: { kind: ConfigMap }
      patch: { metadata: { labels: { size: "\${var.size}" } } }
`).replace('ConfigMap', 'ConfigMap'),
      'app/all.yaml': `${configMap('${cluster.name}')}---
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { ports: [{ port: "\${var.port}" }] }
`,
    });
    expect(ConfigMap).toEqual({
      file: 'app/all.yaml',
      line: 1,
      changes: [
        { by: 'patch', file: 'app/fairlead.yaml', line: 8, at: 'spec.patches.0' },
        { by: 'patch', file: 'app/fairlead.yaml', line: 10, at: 'spec.patches.1' },
      ],
      variables: [
        { name: 'cluster.name', value: '"west"' },
        { name: 'var.size', value: '"big"' },
      ],
    });
    expect(Service).toMatchObject({
      file: 'app/all.yaml',
      line: 6,
      changes: [],
      variables: [{ name: 'var.port', value: '80' }],
    });
  });

  it('follows an object through bases, components and what renamed it', () => {
    const { ConfigMap, Deployment } = explain({
      'app/fairlead.yaml': app('  render: { path: overlay }\n  targets: [{ clusters: [west], components: [extra] }]\n'),
      'app/base/kustomization.yaml':
        'resources: [deployment.yaml]\nconfigMapGenerator: [{ name: made, literals: [a=b] }]\n',
      'app/base/deployment.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: {}\n',
      'app/overlay/kustomization.yaml': `resources: [../base]
namePrefix: x-
namespace: elsewhere
patches:
  - path: patch.yaml
  - target: { kind: Deployment }
    patch: '[{ "op": "add", "path": "/spec/replicas", "value": 3 }]'
configMapGenerator: [{ name: made, behavior: merge, literals: [c=d] }]
`,
      'app/overlay/patch.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop, labels: { a: b } }\n',
      'app/extra/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -y\n',
    });
    const overlay = 'app/overlay/kustomization.yaml';
    expect(Deployment?.file).toBe('app/base/deployment.yaml');
    expect(Deployment?.changes.map(({ by, file, at }) => [by, file, at])).toEqual([
      ['patch', 'app/overlay/patch.yaml', null],
      ['patch', overlay, 'patches.1'],
      ['namespace', overlay, null],
      ['namePrefix', overlay, null],
      ['nameSuffix', 'app/extra/kustomization.yaml', null],
    ]);
    expect(ConfigMap?.changes.slice(0, 2).map(({ by, file }) => [by, file])).toEqual([
      ['configMapGenerator', 'app/base/kustomization.yaml'],
      ['configMapGenerator', overlay],
    ]);
  });

  it('never shows the value of a variable that ends in a Secret, or equals one, wherever else it is used', () => {
    const all = explain({
      'app/fairlead.yaml': app(
        '  variables: { direct: tell-nobody-1, patched: tell-nobody-2, same: tell-nobody-3, plain: fine }\n' +
          '  patches:\n    - target: { kind: Secret }\n      patch: { stringData: { b: "${var.patched}" } }\n',
      ),
      'app/secret.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { a: "${var.direct}" }\n' +
        `data: { c: ${Buffer.from('url://tell-nobody-3@host').toString('base64')} }\n`,
      'app/config.yaml': configMap('${var.direct} ${var.patched} ${var.same} ${var.plain} ${cluster.name}'),
    });
    expect(JSON.stringify(all)).not.toContain('tell-nobody');
    expect(all['ConfigMap']?.variables).toEqual([
      { name: 'cluster.name', value: '"west"' },
      { name: 'var.direct', value: null },
      { name: 'var.patched', value: null },
      { name: 'var.plain', value: '"fine"' },
      { name: 'var.same', value: null },
    ]);
    expect(all['Secret']?.variables.map(({ name }) => name)).toEqual(['var.direct', 'var.patched']);
  });
});
