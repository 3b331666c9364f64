import { parseApp } from './app/parse-app.ts';
import { formatFinding } from './finding.ts';
import type { RenderResult } from './render-target.ts';
import { renderTarget } from './render-target.ts';
import { textTree } from './source/memory-tree.ts';

const cluster = {
  name: 'west-1',
  labels: { env: 'prod', region: 'west' },
  annotations: { 'fairlead.dev/domain': 'west.example.org' },
  kubernetesVersion: '1.34.3',
};

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n';

function render(spec: string, files: Record<string, string>, limits = {}): RenderResult {
  const text = `apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop, labels: { team: web } }\nspec:\n${spec}`;
  const parsed = parseApp(text, 'shop/fairlead.yaml');
  if (!parsed.ok) throw new Error(parsed.errors.map(formatFinding).join('\n'));
  const tree = textTree({ 'shop/fairlead.yaml': text, ...files });
  return renderTarget({ tree, appDir: 'shop', app: parsed.app, cluster, limits });
}

function objectsOf(result: RenderResult) {
  if (!result.ok) throw new Error(result.errors.map(formatFinding).join('\n'));
  return result.objects;
}

function errorsOf(result: RenderResult): string {
  return result.ok ? 'no error' : result.errors.map(formatFinding).join('\n');
}

describe('rendering a target', () => {
  it('renders plain YAML of a directory and below, but not other apps in it', () => {
    const objects = objectsOf(
      render('  namespace: web\n', {
        'shop/a.yaml': configMap,
        'shop/deep/b.yml': configMap.replace('settings', 'more'),
        'shop/other/fairlead.yaml': 'kind: App',
        'shop/other/c.yaml': configMap.replace('settings', 'other'),
        'shop/readme.md': '# no manifest',
      }),
    );
    expect(objects.map((object) => object.metadata)).toEqual([
      { name: 'more', namespace: 'web' },
      { name: 'settings', namespace: 'web' },
    ]);
  });

  it('reads plain YAML as kubectl does', () => {
    const [object] = objectsOf(render('  {}\n', { 'shop/a.yaml': `${configMap}data: { flag: yes }\n` }));
    expect(object?.['data']).toEqual({ flag: true });
  });

  it('chooses the overlay of the cluster, and takes the fallback where there is none', () => {
    const files = {
      'shop/overlays/prod/kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: prod-\n',
      'shop/overlays/prod/a.yaml': configMap,
      'shop/overlays/default/kustomization.yaml': 'resources: [a.yaml]\n',
      'shop/overlays/default/a.yaml': configMap,
    };
    const byEnv = '  render: { path: "overlays/${cluster.labels.env}" }\n';
    const byRegion = '  render: { path: "overlays/${cluster.labels.region}", fallbackPath: overlays/default }\n';
    expect(objectsOf(render(byEnv, files))[0]?.metadata.name).toBe('prod-settings');
    expect(objectsOf(render(byRegion, files))[0]?.metadata.name).toBe('settings');
    expect(errorsOf(render('  render: { path: nowhere }\n', files))).toMatch(
      /no directory "shop\/nowhere" for cluster "west-1"/,
    );
    expect(errorsOf(render('  render: { path: ../../etc }\n', files))).toMatch(/leads out of the repository/);
  });

  it('resolves variables before the build, so that generated names follow their values', () => {
    const files = {
      'shop/kustomization.yaml':
        'resources: [d.yaml]\nconfigMapGenerator:\n- name: cfg\n  literals: ["host=${cluster.name}.${var.domain}"]\n',
      'shop/d.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: "${app.name}" }\nspec:\n  replicas: ${var.replicas}\n  note: "at ${cluster.annotations.fairlead.dev/domain}, $${cluster.name}, ${HOME}"\n',
    };
    const spec = '  variables: { domain: "${cluster.labels.region}.org", replicas: 2 }\n';
    const [generated, deployment] = objectsOf(render(spec, files));
    expect(generated?.['data']).toEqual({ host: 'west-1.west.org' });
    expect(deployment?.metadata.name).toBe('shop');
    expect(deployment?.['spec']).toEqual({ replicas: 2, note: 'at west.example.org, ${cluster.name}, ${HOME}' });
  });

  it('names the file, the path and the cluster when a variable is unknown', () => {
    const files = { 'shop/a.yaml': `${configMap}data:\n  k: x-\${cluster.labels.regoin}\n` };
    expect(errorsOf(render('  {}\n', files))).toBe(
      'shop/a.yaml:1: unknown variable "cluster.labels.regoin" for cluster "west-1", at /data/k (did you mean "cluster.labels.region"?)',
    );
  });

  it('applies the patches of the app and of matching targets after the build', () => {
    const spec = `  targets:
  - selector: { matchLabels: { env: prod } }
    variables: { size: 3 }
    patches:
    - target: { kind: ConfigMap, labelSelector: "!skip" }
      jsonPatch: [{ op: add, path: /data, value: { size: "\${var.size}" } }]
  patches:
  - target: { kind: ConfigMap, name: set.* }
    patch: { metadata: { labels: { patched: "yes" } } }
`;
    const [object] = objectsOf(render(spec, { 'shop/a.yaml': configMap }));
    expect(object).toMatchObject({ metadata: { labels: { patched: 'yes' } }, data: { size: 3 } });
  });

  it('refuses a patch that matches nothing', () => {
    const spec = '  patches:\n  - target: { kind: Deployment }\n    jsonPatch: [{ op: remove, path: /spec }]\n';
    expect(errorsOf(render(spec, { 'shop/a.yaml': configMap }))).toMatch(/spec.patches.0 matches no object/);
  });

  it('puts components of a target on top of the kustomization', () => {
    const files = {
      'shop/base/kustomization.yaml': 'resources: [a.yaml]\n',
      'shop/base/a.yaml': configMap,
      'parts/extra/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: extra-\n',
    };
    const spec = '  render: { path: base }\n  targets:\n  - selector: {}\n    components: [../parts/extra]\n';
    expect(objectsOf(render(spec, files))[0]?.metadata.name).toBe('extra-settings');
  });

  it('gives namespaces to namespaced objects only, and sorts for application', () => {
    const yaml = [
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d }\n',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: r }\n',
      'apiVersion: example.dev/v1\nkind: Fleet\nmetadata: { name: f }\n',
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: fleets.example.dev }\nspec: { group: example.dev, scope: Cluster, names: { kind: Fleet } }\n',
    ].join('---\n');
    const objects = objectsOf(render('  namespace: web\n', { 'shop/a.yaml': yaml }));
    expect(objects.map((object) => [object.kind, object.metadata['namespace']])).toEqual([
      ['CustomResourceDefinition', undefined],
      ['ClusterRole', undefined],
      ['Deployment', 'web'],
      ['Fleet', undefined],
    ]);
  });

  it('refuses the same object twice and names both files', () => {
    const files = {
      'shop/a.yaml': configMap,
      'shop/b.yaml': configMap.replace('settings', 'settings, namespace: default'),
    };
    expect(errorsOf(render('  {}\n', files))).toMatch(/shop\/b.yaml:1: .*shop\/a.yaml/);
  });

  it('names a field of a kustomization that it does not know or not do', () => {
    const files = (text: string) => ({ 'shop/kustomization.yaml': text, 'shop/a.yaml': configMap });
    expect(errorsOf(render('  {}\n', files('resources: [a.yaml]\nnamePrefx: x\n')))).toBe(
      'shop/kustomization.yaml:2:1: unknown field "namePrefx" (did you mean "namePrefix"?)',
    );
    expect(errorsOf(render('  {}\n', files('resources: [a.yaml]\nhelmCharts:\n- name: x\n')))).toMatch(
      /:2:1: not supported by this version: helmCharts .*engine: external/,
    );
    expect(errorsOf(render('  {}\n', files('resources: ["https://example.org/x?ref=1"]\n')))).toMatch(/remote bases/);
  });

  it('points at the patch that fails, in its file or its place', () => {
    const files = {
      'shop/a.yaml': configMap,
      'shop/kustomization.yaml':
        'resources: [a.yaml]\npatches:\n- target: { kind: ConfigMap }\n  patch: "[{\\"op\\": \\"remove\\", \\"path\\": \\"/data\\"}]"\n',
    };
    expect(errorsOf(render('  {}\n', files))).toMatch(
      /^shop\/kustomization.yaml:3:3: the patch does not apply to ConfigMap "settings"/,
    );
  });

  it('records what it looked at', () => {
    const result = render('  render: { path: "${cluster.labels.env}", fallbackPath: base }\n', {
      'shop/base/a.yaml': `${configMap}data: { r: "\${cluster.labels.region}" }\n`,
    });
    expect(result).toMatchObject({
      ok: true,
      trace: {
        files: [{ path: 'shop/base/a.yaml', contentId: null }],
        absent: expect.arrayContaining(['shop/prod']),
        variables: [
          { name: 'cluster.labels.env', value: '"prod"' },
          { name: 'cluster.labels.region', value: '"west"' },
        ],
      },
    });
  });

  it('keeps to its limits', () => {
    const files = { 'shop/a.yaml': configMap, 'shop/b.yaml': configMap.replace('settings', 'more') };
    expect(errorsOf(render('  {}\n', files, { maxObjects: 1 }))).toMatch(/more than 1 objects/);
    expect(errorsOf(render('  {}\n', files, { maxFiles: 1 }))).toMatch(/more than 1 files/);
    expect(errorsOf(render('  {}\n', files, { maxFileBytes: 10 }))).toMatch(/larger than 10 bytes/);
    expect(errorsOf(render('  {}\n', files, { maxOutputBytes: 50 }))).toMatch(/larger than 50 bytes/);
  });

  it('gives no objects to a cluster that does not get the app', () => {
    const result = render('  targets:\n  - clusters: [other]\n', { 'shop/a.yaml': configMap });
    expect(result).toMatchObject({ ok: true, deploy: false, objects: [] });
  });
});
