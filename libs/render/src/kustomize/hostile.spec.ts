import { canonicalJson } from '@fairlead/manifests';
import { buildDirectory } from '../build-directory.ts';
import { formatFinding } from '../finding.ts';
import { textTree } from '../source/memory-tree.ts';

type Files = Readonly<Record<string, string>>;

/** Builds `top` of a tree; gives what was complained about. */
function errorsOf(files: Files): string {
  const result = buildDirectory(textTree(files), 'top');
  return result.ok ? '(built)' : result.errors.map(formatFinding).join('\n');
}

const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {k: v}}\ndata: {a: b}\n';
const top = (kustomization: string, more: Files = {}): Files => ({
  'top/kustomization.yaml': kustomization,
  'top/a.yaml': config,
  ...more,
});
const withConfig = (kustomization: string, more: Files = {}): Files =>
  top(`resources: [a.yaml]\n${kustomization}`, more);

describe('a kustomization with paths that lead elsewhere', () => {
  it.each([
    ['resources: [../../../etc/passwd]', 'leads out of the repository'],
    ['resources: [/etc/passwd]', 'leads out of the repository'],
    ['resources: [../secret/a.yaml]', 'in or below the directory'],
    ['components: [../../x]', 'leads out of the repository'],
    ['patches: [{path: ../secret/a.yaml}]', 'not in or below'],
    ['patchesStrategicMerge: [../secret/a.yaml]', 'not in or below'],
    ['patchesJson6902: [{target: {name: a}, path: ../secret/a.yaml}]', 'not in or below'],
    ['replacements: [{path: ../secret/a.yaml}]', 'not in or below'],
    ['configMapGenerator: [{name: x, files: [../secret/a.yaml]}]', 'not in or below'],
    ['configMapGenerator: [{name: x, files: [k=/etc/passwd]}]', 'not in or below'],
    ['secretGenerator: [{name: x, envs: [../../../../etc/passwd]}]', 'not in or below'],
    ['configurations: [../secret/a.yaml]', 'not in or below'],
    ['crds: [../secret/a.yaml]', 'not in or below'],
    ['openapi: {path: ../secret/a.yaml}', 'not in or below'],
    ['transformers: [../secret/a.yaml]', 'in or below the directory'],
    ['generators: [../../../secret]', 'leads out of the repository'],
  ])('is refused: %s', (kustomization, expected) => {
    expect(errorsOf(top(kustomization, { 'secret/a.yaml': config }))).toContain(expected);
  });

  it('is refused when bases, components or plugins go in a circle', () => {
    const circle = (field: string): Files => ({
      'top/kustomization.yaml': 'resources: [../one]\n',
      'one/kustomization.yaml': `${field}: [../two]\n`,
      'two/kustomization.yaml': `${field}: [../one]\n`,
    });
    expect(errorsOf(circle('resources'))).toContain('cannot use a directory around itself');
    expect(errorsOf(circle('transformers'))).toContain('cannot use a directory around itself');
    expect(errorsOf(top('resources: [.]'))).toContain('cannot use a directory around itself');
    const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncomponents: [../part]\n';
    expect(errorsOf(top('components: [../part]', { 'part/kustomization.yaml': component }))).toContain('around itself');
  });

  it('is refused when it is nested too deep', () => {
    const files: Record<string, string> = { 'top/kustomization.yaml': 'resources: [../n1]\n' };
    for (let depth = 1; depth < 40; depth += 1)
      files[`n${depth}/kustomization.yaml`] = `resources: [../n${depth + 1}]\n`;
    expect(errorsOf(files)).toContain('nested too deep');
  });
});

describe('a kustomization with texts that grow', () => {
  const bomb = (leaf: string): string => {
    const lines = [`x0: &x0 [${leaf}]`];
    for (let level = 1; level < 12; level += 1) {
      const inner = Array.from({ length: 8 }, () => `*x${level - 1}`).join(', ');
      lines.push(`x${level}: &x${level} [${inner}]`);
    }
    return lines.join('\n');
  };

  it('is refused for aliases inside aliases, wherever they stand', () => {
    const object = `${config}${bomb('lol')}\n`;
    expect(errorsOf(top('resources: [b.yaml]', { 'top/b.yaml': object }))).toMatch(/nodes|aliases/);
    expect(errorsOf(top(`${bomb('lol')}\nresources: [a.yaml]\n`))).toMatch(/nodes|aliases/);
    expect(errorsOf(withConfig('patches: [{path: b.yaml}]', { 'top/b.yaml': object }))).toMatch(/nodes|aliases/);
    expect(errorsOf(withConfig('configurations: [b.yaml]', { 'top/b.yaml': bomb('lol') }))).toMatch(/nodes|aliases/);
    const inJson = `resources: [b.yaml]\nreplacements: [{sourceValue: x, targets: [{select: {}, fieldPaths: [data.j.x1.0]}]}]\n`;
    const text = `{${bomb('lol').replaceAll('\n', ', ')}}`;
    const holder = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {j: ${JSON.stringify(text)}}\n`;
    expect(errorsOf(top(inJson, { 'top/b.yaml': holder }))).toMatch(/nodes|aliases/);
  });

  it('is refused for aliases in very many documents', () => {
    const inner = Array.from({ length: 90 }, () => '*x').join(', ');
    const list = Array.from({ length: 1000 }, () => 'y').join(', ');
    const document = `x: &x [${list}]\ny: [${inner}]\n`;
    const documents = Array.from(
      { length: 20 },
      (_, index) => `${config.replace('name: a', `name: n${index}`)}${document}`,
    );
    expect(errorsOf(top('resources: [b.yaml]', { 'top/b.yaml': documents.join('---\n') }))).toContain('nodes');
  });

  it('is refused for patches and replacements that double what is there', () => {
    const copies = Array.from({ length: 60 }, (_, index) => ({ op: 'copy', from: '/data', path: `/data/c${index}` }));
    const target = '{kind: ConfigMap}';
    expect(errorsOf(withConfig(`patches: [{target: ${target}, patch: '${JSON.stringify(copies)}'}]`))).toContain(
      'copies more than',
    );
    const doubling = Array.from({ length: 60 }, (_, index) => ({
      source: { kind: 'ConfigMap', fieldPath: 'data' },
      targets: [{ select: {}, fieldPaths: [`data.c${index}`], options: { create: true } }],
    }));
    expect(errorsOf(withConfig(`replacements: ${JSON.stringify(doubling)}`))).toContain('copies more than');
  });

  it('is refused for variables that multiply', () => {
    const value = 'v'.repeat(100_000);
    const object =
      `apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {big: ${value}}}\n` +
      `spec: {containers: [{name: c, args: ["${'$(X)'.repeat(5000)}"]}]}\n`;
    const vars =
      'vars: [{name: X, objref: {apiVersion: v1, kind: Pod, name: p}, fieldref: {fieldPath: metadata.annotations.big}}]';
    expect(errorsOf(top(`resources: [b.yaml]\n${vars}\n`, { 'top/b.yaml': object }))).toContain('copies more than');
  });

  it('is refused for long prefixes, labels and patches of very many objects', () => {
    const objects = Array.from({ length: 900 }, (_, index) => config.replace('name: a', `name: n${index}`)).join(
      '---\n',
    );
    const build = (kustomization: string): string =>
      errorsOf(top(`resources: [b.yaml]\n${kustomization}\n`, { 'top/b.yaml': objects }));
    const long = 'x'.repeat(200_000);
    expect(build(`namePrefix: ${long}`)).toContain('copies more than');
    expect(build(`commonAnnotations: {a: ${long}}`)).toContain('copies more than');
    expect(build(`patches: [{target: {}, patch: "kind: x\\nmetadata: {name: y}\\ndata: {z: ${long}}"}]`)).toContain(
      'copies more than',
    );
  });

  it('is refused for files that are too large, before they are read as YAML', () => {
    const large = `${config}# ${'x'.repeat(10 * 1024 * 1024)}\n`;
    expect(errorsOf(top('resources: [b.yaml]', { 'top/b.yaml': large }))).toContain('larger than');
    expect(errorsOf(withConfig('configMapGenerator: [{name: x, files: [b]}]', { 'top/b': large }))).toContain(
      'larger than',
    );
    expect(errorsOf(withConfig('openapi: {path: b.json}', { 'top/b.json': large }))).toContain('larger than');
  });

  it('is refused for YAML that is nested too deep', () => {
    const deep = `${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`;
    expect(errorsOf(top('resources: [b.yaml]', { 'top/b.yaml': `${config}deep: ${deep}\n` }))).toMatch(
      /depth|deep|nest/i,
    );
    expect(errorsOf(top(`resources: ${'['.repeat(5000)}${']'.repeat(5000)}`))).toMatch(/depth|deep|nest/i);
  });
});

describe('a kustomization with patterns and names that are no good', () => {
  const evil = `${'a'.repeat(40)}!`;

  it('takes time in proportion to the text for patterns that would run for years', () => {
    const object = config.replace('name: a', `name: ${evil.replace('!', 'b')}`).replace('k: v', `k: ${'a'.repeat(40)}`);
    const patch = `patches: [{target: {name: "(a+)+c"}, patch: '[{"op": "add", "path": "/x", "value": 1}]'}]`;
    const image = 'images: [{name: "(a|aa)+", newTag: x}]';
    const replacement =
      'replacements: [{sourceValue: x, targets: [{select: {name: "(a*)*z"}, fieldPaths: ["data.[k=(a+)+]"]}]}]';
    for (const kustomization of [patch, image, replacement]) {
      expect(errorsOf(top(`resources: [b.yaml]\n${kustomization}\n`, { 'top/b.yaml': object }))).toBe('(built)');
    }
  });

  it('is refused for patterns that are none', () => {
    expect(errorsOf(withConfig('patches: [{target: {name: "(("}, patch: "[]"}]'))).toContain('no regular expression');
    expect(errorsOf(withConfig('patches: [{target: {name: "(?=a)"}, patch: "[]"}]'))).toContain(
      'no regular expression',
    );
  });

  it.each(['"a\\nb"', '"a\\0b"', '"a,b"'])('is refused for objects called %s', (name) => {
    expect(
      errorsOf(top('resources: [b.yaml]', { 'top/b.yaml': config.replace('name: a', `name: ${name}`) })),
    ).toContain('control character');
  });

  it('is refused for the key __proto__, and keeps other names of built-in things as they are', () => {
    const refused = [
      withConfig('commonLabels: {__proto__: x}'),
      withConfig('configMapGenerator: [{name: x, literals: [__proto__=x]}]'),
      withConfig('configMapGenerator: [{name: x, envs: [e]}]', { 'top/e': '__proto__=x\n' }),
      withConfig(`patches: [{target: {name: a}, patch: '[{"op": "add", "path": "/data/__proto__", "value": "x"}]'}]`),
      withConfig('labels: [{pairs: {a: b}, fields: [{path: spec/__proto__/x, create: true}]}]'),
      withConfig(
        'replacements: [{sourceValue: x, targets: [{select: {}, fieldPaths: [data.__proto__.x], options: {create: true}}]}]',
      ),
    ];
    for (const files of refused) expect(errorsOf(files)).toContain('"__proto__" is not allowed');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    const files = withConfig(
      'commonLabels: {constructor: c, toString: t}\nconfigMapGenerator: [{name: hasOwnProperty, literals: [valueOf=x]}]',
    );
    const built = buildDirectory(textTree(files), 'top');
    expect(
      built.ok &&
        built.objects.map(({ metadata, data }) =>
          canonicalJson({ labels: metadata['labels'] ?? null, data: data ?? null }),
        ),
    ).toEqual([
      '{"data":{"a":"b"},"labels":{"constructor":"c","k":"v","toString":"t"}}',
      '{"data":{"valueOf":"x"},"labels":{"constructor":"c","toString":"t"}}',
    ]);
  });
});
