import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { canonicalJson, type Json, type KubeObject } from '@fairlead/manifests';
import { parseApp, textTree, type RenderResult } from '@fairlead/render';
import { ensureBinaries, type Binaries } from '../bed/bed.ts';
import { chartCases, type ChartCase } from '../fixtures/charts.ts';
import { renderWithExternals } from '../harness/external-render.ts';

const cluster = { name: 'west-1', labels: { ring: 'canary' }, annotations: {}, kubernetesVersion: 'v1.34.3' };
const leftOut = /^(?:test|pre-delete|post-delete|pre-rollback|post-rollback)(?:,|$)/;

describe('charts', () => {
  let binaries: Binaries<'helm' | 'yaml2json' | 'kustomize'>;
  beforeAll(async () => {
    binaries = await ensureBinaries(undefined, { names: ['helm', 'yaml2json', 'kustomize'] });
  }, 600_000);

  it.each(chartCases.filter(({ refused }) => refused === undefined).map((each) => [each.name, each] as const))(
    'render as helm renders them: %s',
    async (_name, chart) => {
      const result = await render(chart);
      if (!result.ok) throw new Error(JSON.stringify(result.errors));
      expect(comparable(result.objects)).toEqual(comparable(oracle(chart)));
      expect(result.objects.length).toBeGreaterThan(0);
    },
  );

  it.each(chartCases.flatMap((each) => (each.refused === undefined ? [] : [[each.name, each, each.refused] as const])))(
    'are refused with the reason: %s',
    async (_name, chart, reason) => {
      const result = await render(chart);
      expect(result.ok ? [] : result.errors.map(({ message }) => message).join('\n')).toMatch(reason);
    },
  );

  it('turn the hooks of helm into hooks of Fairlead', async () => {
    const chart = chartCases.find(({ name }) => name.startsWith('a hook before'));
    const result = await render(chart as ChartCase);
    const hook = result.ok ? result.objects.find(({ kind }) => kind === 'Job') : undefined;
    expect(hook?.metadata['annotations']).toMatchObject({
      'fairlead.dev/hook': 'before',
      'fairlead.dev/hook-delete': 'before-creation,succeeded',
      'fairlead.dev/wave': '-5',
    });
  });

  it('name the template that an object comes from in a message about it', async () => {
    const chart = { name: 'double', files: { ...(chartCases[0]?.files ?? {}) } };
    chart.files['templates/again.yaml'] = chart.files['templates/service.yaml'] ?? '';
    const result = await render(chart);
    expect(result.ok ? '' : JSON.stringify(result.errors)).toContain('chart/templates/');
  });

  it('that never end are killed, and so are those that eat memory', async () => {
    const loop = '{{- range until 100000 }}{{- range until 100000 }}{{- end }}{{- end }}';
    const growth = '{{- $x := "0123456789" }}{{- range until 40 }}{{- $x = printf "%s%s" $x $x }}{{- end }}';
    for (const template of [loop, growth]) {
      const files = { 'Chart.yaml': 'apiVersion: v2\nname: hog\nversion: 1.0.0\n', 'templates/x.yaml': template };
      const result = await render({ name: 'hog', files }, 3_000);
      expect(result.ok ? '' : result.errors[0]?.message).toMatch(/stopped|memory/);
    }
  });

  it('find no network and nothing of the hub', async () => {
    process.env['FAIRLEAD_PLANTED'] = 'planted';
    const files = {
      'Chart.yaml': 'apiVersion: v2\nname: nosy\nversion: 1.0.0\n',
      'templates/c.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: nosy }\ndata: { host: {{ getHostByName "localhost" | quote }}, file: {{ .Files.Get "/etc/passwd" | quote }} }\n',
    };
    const result = await render({ name: 'nosy', files });
    delete process.env['FAIRLEAD_PLANTED'];
    expect(result.ok && result.objects[0]?.['data']).toEqual({ host: '', file: '' });
  });

  it('and kustomizations that the built-in builder refuses are built by the real kustomize when the app says so', async () => {
    const files = {
      'app/fairlead.yaml': appText('  render: { engine: external, path: overlay }\n  namespace: shop\n'),
      'app/base/kustomization.yaml': 'resources: [c.yaml]\n',
      'app/base/c.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata: { on: "${cluster.name}" }\n',
      'app/overlay/kustomization.yaml':
        'resources: [../base]\ntransformers:\n- |-\n  apiVersion: builtin\n  kind: PrefixTransformer\n  metadata: { name: p }\n  prefix: x-\n  fieldSpecs: [{ path: metadata/name }]\n',
    };
    const result = await renderFiles(files, 10_000);
    expect(result.ok && result.objects).toMatchObject([{ metadata: { name: 'x-c' }, data: { on: 'west-1' } }]);
  });

  it('need the program, and say how to set it up', async () => {
    const [chart] = chartCases;
    const { files } = layout(chart as ChartCase);
    const result = await renderFiles(files, 1_000, { helm: null });
    expect(result.ok ? '' : result.errors[0]?.message).toContain('FAIRLEAD_HELM');
  });

  function render(chart: ChartCase, timeoutMs = 20_000): Promise<RenderResult> {
    return renderFiles(layout(chart).files, timeoutMs);
  }

  function renderFiles(
    files: Readonly<Record<string, string>>,
    timeoutMs: number,
    programs: { helm: string | null } = { helm: binaries.helm },
  ): Promise<RenderResult> {
    const parsed = parseApp(files['app/fairlead.yaml'] ?? '', 'app/fairlead.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return renderWithExternals(
      { tree: textTree(files), appDir: 'app', app: parsed.app, cluster },
      { ...programs, kustomize: binaries.kustomize, timeoutMs },
    );
  }

  /** The same chart given to helm by hand, read by the YAML reader of the Kubernetes tools. */
  function oracle(chart: ChartCase): KubeObject[] {
    const root = mkdtempSync(join(tmpdir(), 'fairlead-chart-'));
    try {
      const { files, helm } = layout(chart);
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
      const given = JSON.stringify(helm['values'] ?? {}).replaceAll('${cluster.name}', cluster.name);
      writeFileSync(join(root, 'given.json'), given);
      const valuesFiles = ((helm['valuesFiles'] ?? []) as string[]).filter((name) => !name.endsWith('?'));
      const releaseName = String(helm['releaseName'] ?? 'shop').replace('${cluster.labels.ring}', 'canary');
      const output = execFileSync(
        binaries.helm,
        [
          ...['template', releaseName, 'app/chart', '--namespace', 'shop', '--include-crds'],
          ...['--kube-version', cluster.kubernetesVersion, '--skip-tests'],
          ...valuesFiles.flatMap((name) => ['--values', `app/${name}`]),
          ...['--values', 'given.json'],
        ],
        { cwd: root, encoding: 'utf8' },
      );
      const text = execFileSync(binaries.yaml2json, [], { input: output, encoding: 'utf8' });
      return readOracle(text).filter((object) => !leftOut.test(String(annotationsOf(object)['helm.sh/hook'] ?? '')));
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
});

function appText(spec: string): string {
  return `apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\nspec:\n${spec}`;
}

function layout(chart: ChartCase): { files: Record<string, string>; helm: Record<string, unknown> } {
  const helm = { chart: 'chart', ...chart.helm };
  const spec = `  namespace: shop\n  render: { type: helm }\n  helm: ${JSON.stringify(helm)}\n`;
  const files: Record<string, string> = { 'app/fairlead.yaml': appText(spec) };
  for (const [path, content] of Object.entries(chart.files)) files[`app/chart/${path}`] = content;
  for (const [path, content] of Object.entries(chart.beside ?? {})) files[`app/${path}`] = content;
  return { files, helm };
}

function readOracle(text: string): KubeObject[] {
  return (JSON.parse(text) as (KubeObject | null)[]).filter((object) => object !== null);
}

function annotationsOf(object: KubeObject): Record<string, Json> {
  return (object.metadata['annotations'] ?? {}) as Record<string, Json>;
}

/** Sorted, without what Fairlead adds on purpose. */
function comparable(objects: readonly KubeObject[]): string[] {
  return objects
    .map((object) => {
      const copy = structuredClone(object);
      const namespaced = copy.kind !== 'CustomResourceDefinition';
      if (namespaced) copy.metadata['namespace'] ??= 'shop';
      const annotations = annotationsOf(copy);
      for (const key of Object.keys(annotations)) if (key.startsWith('fairlead.dev/')) delete annotations[key];
      return canonicalJson(copy);
    })
    .sort();
}
