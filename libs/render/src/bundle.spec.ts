import { parseApp } from './app/parse-app.ts';
import { formatFinding } from './finding.ts';
import { renderTarget } from './render-target.ts';
import { textTree } from './source/memory-tree.ts';

const app = 'apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\nspec: { namespace: web }\n';
const cluster = { name: 'west-1', labels: {}, annotations: {}, kubernetesVersion: null };

function render(files: Record<string, string>) {
  const parsed = parseApp(app, 'fairlead.yaml');
  if (!parsed.ok) throw new Error('the app is good');
  const tree = textTree({ 'fairlead.yaml': app, ...files });
  return renderTarget({ tree, appDir: '', app: parsed.app, cluster });
}

function errorsOf(files: Record<string, string>): string[] {
  const result = render(files);
  return result.ok ? [] : result.errors.map(formatFinding);
}

function namesOf(files: Record<string, string>): string[] {
  const result = render(files);
  if (!result.ok) throw new Error(result.errors.map(formatFinding).join('\n'));
  return result.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
}

const config = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n${more}`;
/** The same files as a directory of plain YAML and as a kustomization. */
const bothWays = (files: Record<string, string>): [string, Record<string, string>][] => [
  ['plain YAML', files],
  ['kustomize', { ...files, 'kustomization.yaml': `resources: [${Object.keys(files).join(', ')}]\n` }],
];

describe('what stands in Git', () => {
  it('[case 162] is refused whole, with file and line, when one file is no YAML', () => {
    expect(errorsOf({ 'a.yaml': config('a'), 'b.yaml': 'apiVersion: v1\nkind: [ConfigMap\n' })).toEqual([
      expect.stringMatching(/^b\.yaml:\d+:\d+: /),
    ]);
  });

  it('names every file that is no YAML at once', () => {
    const errors = errorsOf({ 'a.yaml': 'a: [', 'b.yaml': config('b'), 'c.yaml': 'c: {' });
    expect(errors.map((error) => error.slice(0, 6))).toEqual(['a.yaml', 'c.yaml']);
  });

  const bomb = Array.from({ length: 9 }, (_, level) => {
    const items = level === 0 ? '[x, x, x, x, x, x, x, x, x]' : `[${`*l${level - 1}, `.repeat(8)}*l${level - 1}]`;
    return `  l${level}: &l${level} ${items}`;
  }).join('\n');

  it.each([
    [
      '[case 163] a key given twice',
      config('a', 'data: { k: "1" }\ndata: { k: "2" }\n'),
      /^a\.yaml:5:1: .*given twice/,
    ],
    ['[case 163] a tab as indentation', config('a', 'data:\n\tk: "1"\n'), /^a\.yaml:5:1: tab characters/],
    ['[case 163] aliases that multiply', config('a', `spec:\n${bomb}\n`), /^a\.yaml:\d+:\d+: .*more than 200000 nodes/],
  ])('%s is refused', (_, text, expected) => {
    for (const [, files] of bothWays({ 'a.yaml': text })) expect(errorsOf(files).join('\n')).toMatch(expected);
  });

  it('[case 164] may have documents that are empty or hold comments only', () => {
    const text = `# first\n---\n${config('a')}---\n---\n# nothing\n---\n${config('b')}---\n`;
    for (const [, files] of bothWays({ 'a.yaml': text }))
      expect(namesOf(files)).toEqual(['ConfigMap a', 'ConfigMap b']);
  });

  it('[case 164] is refused, not skipped, for a document that is no Kubernetes object', () => {
    for (const [, files] of bothWays({ 'a.yaml': `${config('a')}---\nreplicas: 3\n` }))
      expect(errorsOf(files)).toEqual([
        'a.yaml:5: this is no Kubernetes object: apiVersion is missing; kind is missing; metadata.name is missing',
      ]);
    expect(errorsOf({ 'a.yaml': 'just text\n' })).toEqual(['a.yaml:1: a Kubernetes object must be a map']);
  });

  const item = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
  const listOf = (kind: string, ...items: object[]) => JSON.stringify({ apiVersion: 'v1', kind, items });

  it.each([
    ['[case 165] a List', listOf('List', item('a'), item('b')), ['a', 'b']],
    ['[case 165] a typed list', listOf('ConfigMapList', item('a'), item('b')), ['a', 'b']],
    ['[case 165] a List beside another document', `${listOf('List', item('a'))}\n---\n${config('b')}`, ['a', 'b']],
    [
      '[case 165] Lists in a List',
      listOf('List', item('a'), JSON.parse(listOf('List', JSON.parse(listOf('ConfigMapList', item('b')))))),
      ['a', 'b'],
    ],
    ['[case 165] a List of nothing', `${listOf('List')}\n---\n${config('a')}`, ['a']],
  ])('%s is replaced by its items', (_, text, names) => {
    for (const [, files] of bothWays({ 'a.yaml': text }))
      expect(namesOf(files)).toEqual(names.map((name) => `ConfigMap ${name}`));
  });

  it('[case 168] is refused when two files have the same object, and names both', () => {
    const files = { 'a.yaml': config('a'), 'b.yaml': config('a').replace('name: a', 'name: a, namespace: web') };
    expect(errorsOf(files)).toEqual(['b.yaml:1: ConfigMap "a" is there twice, also from a.yaml:1']);
    const [, [, kustomize] = ['', {}]] = bothWays({ 'a.yaml': config('a'), 'b.yaml': config('a') });
    expect(errorsOf(kustomize).join()).toMatch(/^b\.yaml:1: .*from a\.yaml/);
  });

  it('[case 168] is refused when the same object has two API versions', () => {
    const policy = (version: string) =>
      `apiVersion: policy/${version}\nkind: PodDisruptionBudget\nmetadata: { name: p }\n`;
    expect(errorsOf({ 'a.yaml': policy('v1beta1'), 'b.yaml': policy('v1') })).toEqual([
      'b.yaml:1: PodDisruptionBudget "p" is there twice, also from a.yaml:1',
    ]);
  });

  it('[case 169] is refused for an object that the server would name', () => {
    const job = (metadata: string) => `apiVersion: batch/v1\nkind: Job\nmetadata: { ${metadata} }\n`;
    expect(errorsOf({ 'a.yaml': job('generateName: a-') })).toEqual([
      'a.yaml:1: this is no Kubernetes object: metadata.name is missing, and generateName is none',
    ]);
    expect(errorsOf({ 'a.yaml': job('name: a, generateName: a-') })).toEqual([
      'a.yaml:1: Job "a" cannot be applied: generateName makes another object with every apply',
    ]);
  });

  it('[case 170] has one error per object, with all its causes', () => {
    const text = `kind: ConfigMap\n---\n${config('a')}---\napiVersion: v1\nmetadata: { namespace: 1 }\n`;
    for (const [, files] of bothWays({ 'a.yaml': text, 'b.yaml': config('b') }))
      expect(errorsOf(files)).toEqual([
        'a.yaml:1: this is no Kubernetes object: apiVersion is missing; metadata.name is missing',
        'a.yaml:7: this is no Kubernetes object: kind is missing; metadata.name is missing; metadata.namespace must be a text',
      ]);
  });

  it('[case 83] is refused for an object that claims to belong to somebody', () => {
    const marked = (label: string) => config('a').replace('name: a', `name: a, labels: { ${label}: x }`);
    for (const label of ['fairlead.dev/app', 'applyset.kubernetes.io/part-of'])
      expect(errorsOf({ 'a.yaml': marked(label) })).toEqual([
        `a.yaml:1: ConfigMap "a" cannot be applied: the label ${label} says whose an object is: only the agent sets it`,
      ]);
  });
});
