import { gunzipSync } from 'node:zlib';
import { clustersToRender, treeToRender } from '../../../../../../test/fixtures/render-tree.ts';
import { useRenderWorkerBundle } from '../../../../../../test/harness/render-worker-bundle.ts';
import { bundledSchemas } from './kubernetes-schemas.ts';
import { RenderPool } from './render-pool.ts';

const manifest = (spec = '') =>
  `apiVersion: fairlead.dev/v1\nkind: App\nmetadata: { name: shop }\nspec:\n  namespace: shop\n${spec}`;
const configMap = (name = 'config', rest = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n${rest}`;
const times = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index));
const megabyte = 1024 * 1024;

/** What a repository may hold, and how it is refused: always by a rule, before it costs anything. */
const refused: Record<string, { files: Record<string, string>; message: RegExp }> = {
  'a file of 10 MB': { files: { 'a.yaml': `# ${'x'.repeat(10 * megabyte)}\n` }, message: /larger than 1048576 bytes/ },
  'a file of one byte too many': {
    files: { 'a.yaml': '#'.repeat(megabyte + 1) },
    message: /larger than 1048576 bytes/,
  },
  'more than 20 MiB in all': {
    files: Object.fromEntries(
      times(21, (index) => `f${index}.yaml`).map((path) => [path, `# ${'x'.repeat(megabyte - 9)}`]),
    ),
    message: /reads more than 20971520 bytes/,
  },
  'more than 2,000 files': {
    files: Object.fromEntries(times(2001, (index) => `f${index}.yaml`).map((path) => [path, '# nothing\n'])),
    message: /reads more than 2000 files/,
  },
  '2,001 objects': {
    files: Object.fromEntries(
      times(3, (file) => times(667, (index) => configMap(`c${file}-${index}`)).join('---\n')).map((text, index) => [
        `f${index}.yaml`,
        text,
      ]),
    ),
    message: /more than 2000 objects/,
  },
  'more than 10 MiB of objects from little input': {
    files: {
      'kustomization.yaml': `resources: [a.yaml]\ncommonAnnotations: { filler: ${'x'.repeat(200_000)} }\n`,
      'a.yaml': times(60, (index) => configMap(`c${index}`)).join('---\n'),
    },
    message: /larger than 10485760 bytes/,
  },
  'a long text copied into many objects': {
    files: {
      'kustomization.yaml': 'resources: [a.yaml]\nreplacements: [{ path: r.yaml }]\n',
      'a.yaml':
        configMap('source', `data: { long: ${'y'.repeat(900_000)} }\n---\n`) +
        times(900, (index) => configMap(`c${index}`)).join('---\n'),
      'r.yaml':
        'source: { kind: ConfigMap, name: source, fieldPath: data.long }\ntargets:\n- select: { kind: ConfigMap }\n  fieldPaths: [data.a]\n  options: { create: true }\n',
    },
    message: /copies more than \d+ bytes/,
  },
  'more than 1,000 documents in a file': {
    files: { 'a.yaml': '---\nnull\n'.repeat(1001) },
    message: /more than 1000 documents/,
  },
  'nesting deeper than 100': {
    files: { 'a.yaml': configMap('deep', `data: ${'['.repeat(101)}${']'.repeat(101)}\n`) },
    message: /a\.yaml:\d+:\d+: .*(depth|nest)/i,
  },
  'nesting of a hundred thousand': {
    files: { 'a.json': `${'['.repeat(100_000)}${']'.repeat(100_000)}` },
    message: /a\.json:\d+:\d+: .*(depth|nest)/i,
  },
  'more than 100 aliases': {
    files: { 'a.yaml': configMap('many', `data: &a { x: y }\nmore: [${times(101, () => '*a').join(', ')}]\n`) },
    message: /more than 100 aliases/,
  },
  'an alias bomb': {
    files: {
      'a.yaml': configMap(
        'bomb',
        times(26, (level) =>
          level === 0 ? 'a0: &a0 [xxxxxxxxxx]\n' : `a${level}: &a${level} [*a${level - 1}, *a${level - 1}]\n`,
        ).join(''),
      ),
    },
    message: /a\.yaml:\d+:\d+: .*more than \d+ (nodes|aliases)/,
  },
  'an alias that contains itself': {
    files: { 'a.yaml': configMap('loop', 'data: &a { x: *a }\n') },
    message: /a\.yaml/,
  },
  'a base that is its own base': {
    files: { 'kustomization.yaml': 'resources: [../shop]\n' },
    message: /kustomization\.yaml/,
  },
  'bases in a circle': {
    files: {
      'kustomization.yaml': 'resources: [b]\n',
      'b/kustomization.yaml': 'resources: [c]\n',
      'b/c/kustomization.yaml': 'resources: [../..]\n',
    },
    message: /kustomization\.yaml.*(cycle|circle|itself)/,
  },
  'bases nested deeper than 20': {
    files: Object.fromEntries(
      times(25, (level) => `${'d/'.repeat(level)}kustomization.yaml`).map((path) => [path, 'resources: [d]\n']),
    ),
    message: /nested too deep/,
  },
  'a base outside the repository': {
    files: { 'kustomization.yaml': 'resources: [../../../etc]\n' },
    message: /out of the repository|outside/,
  },
  'an absolute path': { files: { 'kustomization.yaml': 'resources: [/etc/passwd]\n' }, message: /kustomization\.yaml/ },
  'a generator that reads outside its directory': {
    files: { 'kustomization.yaml': 'configMapGenerator:\n- name: stolen\n  files: [../../../../etc/passwd]\n' },
    message: /kustomization\.yaml/,
  },
  'a name that is a list': {
    files: { 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: [a] }\n' },
    message: /a\.yaml/,
  },
  'a name with a line break': { files: { 'a.yaml': configMap('"a\\nb"') }, message: /a\.yaml.*name/ },
  'a namespace with a slash': { files: { 'a.yaml': configMap('x, namespace: a/b') }, message: /a\.yaml.*namespace/ },
  'a kind with a line break': {
    files: { 'a.yaml': 'apiVersion: v1\nkind: "Config\\nMap"\nmetadata: { name: a }\n' },
    message: /a\.yaml.*kind/,
  },
  'bytes that are no text': { files: { 'a.yaml': configMap('\u0000') }, message: /a\.yaml/ },
  'a key that would be a prototype': {
    files: { 'a.yaml': configMap('x', 'data: { __proto__: polluted }\n') },
    message: /a\.yaml:4:9: the key "__proto__" is not allowed/,
  },
  'a patch of a prototype': {
    files: {
      'kustomization.yaml':
        'resources: [a.yaml]\npatches:\n- target: { kind: ConfigMap }\n  patch: "[{ op: add, path: /__proto__/polluted, value: x }]"\n',
      'a.yaml': configMap(),
    },
    message: /kustomization\.yaml/,
  },
  'a generated key that would be a prototype': {
    files: { 'kustomization.yaml': 'configMapGenerator:\n- { name: made, literals: [__proto__=x] }\n' },
    message: /kustomization\.yaml/,
  },
  'a merge key that points nowhere': {
    files: { 'a.yaml': configMap('x', '<<: *nothing\n') },
    message: /a\.yaml:\d+:\d+/,
  },
};

describe('hostile input', () => {
  const bundle = useRenderWorkerBundle();
  let pool: RenderPool;
  const openPool = (options: { workers: number; timeoutMs: number }) =>
    new RenderPool({
      bundlePath: bundle(),
      key: { keyId: 'k1', key: new Uint8Array(32).fill(1) },
      nowMs: () => 0,
      schemas: bundledSchemas(),
      external: { run: () => Promise.reject(new Error('nothing external here')) },
      ...options,
    });
  beforeAll(() => {
    pool = openPool({ workers: 1, timeoutMs: 15_000 });
  });
  afterAll(() => pool.close());

  let trees = 0;
  const render = async (files: Record<string, string>, spec = '', used = pool) => {
    trees += 1;
    const placed = Object.fromEntries(Object.entries(files).map(([path, text]) => [`apps/shop/${path}`, text]));
    const tree = treeToRender({ 'apps/shop/fairlead.yaml': manifest(spec), ...placed }, `tree-${trees}`);
    return used.render(tree, 'apps/shop/fairlead.yaml', clustersToRender('c1'));
  };
  const messagesOf = ({ targets: [target] }: Awaited<ReturnType<typeof render>>) =>
    target?.outcome === 'failed'
      ? target.errors
          .map(
            ({ file, line, column, message }) =>
              [file, line, column].filter((part) => part !== null).join(':') + `: ${message}`,
          )
          .join('\n')
      : `it was ${target?.outcome}`;

  it.each(Object.entries(refused))('refuses %s by a rule, and the worker lives on', async (_, { files, message }) => {
    await render({ 'a.yaml': configMap() });
    const before = pool.pids;
    const rendered = await render(files);
    expect(messagesOf(rendered)).toMatch(message);
    // It is remembered: the same files are not tried again.
    expect(rendered.targets).toMatchObject([{ trace: 0 }]);
    expect(pool.pids).toEqual(before);
  });
  it('takes names of built-in properties for names like any others', async () => {
    const data = 'data: { constructor: c, prototype: p, toString: t, hasOwnProperty: h }\n';
    const files = {
      'kustomization.yaml':
        'resources: [a.yaml, constructor]\npatches:\n- target: { kind: ConfigMap, name: constructor }\n  patch: |-\n    - { op: add, path: /data/valueOf, value: patched }\nconfigMapGenerator:\n- { name: made, literals: [constructor=y], options: { disableNameSuffixHash: true } }\n',
      'a.yaml': configMap('constructor', data),
      'constructor/kustomization.yaml': 'resources: []\n',
    };
    const rendered = await render(files, '  variables: { constructor: y }\n');
    expect(messagesOf(rendered)).toBe('it was rendered');
    const texts = rendered.blobs.map(({ content }) => gunzipSync(content).toString('utf8'));
    const found = texts.map((text) => (JSON.parse(text) as { data: Record<string, string> }).data);
    expect(found).toContainEqual(Object.fromEntries([['constructor', 'y']]));
    const kept = ['constructor', 'prototype', 'toString', 'hasOwnProperty'].map((key) => [key, key[0]]);
    expect(found).toContainEqual(Object.fromEntries([...kept, ['valueOf', 'patched']]));
  });

  it('matches patterns that would keep another engine busy for years in linear time', async () => {
    const name = 'a'.repeat(60);
    const files = {
      'kustomization.yaml':
        'resources: [a.yaml]\npatches:\n- target: { name: "(a+)+b|(a|aa)+c|(.*a){20}d" }\n  patch: "[]"\n',
      'a.yaml': configMap(name),
    };
    expect((await render(files)).targets).toMatchObject([{ outcome: 'rendered' }]);
  });

  it('stops a render that takes too long, and does the renders of others meanwhile', async () => {
    const hurried = openPool({ workers: 2, timeoutMs: 3000 });
    try {
      const patch = '- target: { kind: ConfigMap }\n  patch: |-\n    - { op: add, path: /data/k, value: v }\n';
      const hog = {
        'kustomization.yaml': `resources: [a.yaml, b.yaml]\npatches:\n${patch.repeat(9000)}`,
        'a.yaml': times(990, (index) => configMap(`a${index}`, 'data: { a: b }\n')).join('---\n'),
        'b.yaml': times(990, (index) => configMap(`b${index}`, 'data: { a: b }\n')).join('---\n'),
      };
      const ended: string[] = [];
      const bad = render(hog, '', hurried).then((rendered) => {
        ended.push('hog');
        return rendered;
      });
      for (let index = 0; index < 5; index += 1) {
        const good = await render({ 'a.yaml': configMap(`good-${index}`) }, '', hurried);
        expect(good.targets).toMatchObject([{ outcome: 'rendered' }]);
      }
      expect(ended).toEqual([]);
      expect(messagesOf(await bad)).toMatch(/longer than 3 s and was stopped/);
      expect((await render({ 'a.yaml': configMap() }, '', hurried)).targets).toMatchObject([{ outcome: 'rendered' }]);
    } finally {
      hurried.close();
    }
  });
});
