import { YamlError } from './yaml-error.ts';
import { parseYamlDocuments } from './yaml.ts';
import type { YamlDialect } from './yaml-scalars.ts';

const parse = (text: string, dialect: YamlDialect = 'kyaml') =>
  parseYamlDocuments(text, { dialect, fileName: 'a.yaml' }).documents.map((document) => document.value);

describe('YAML', () => {
  it.each<[string, YamlDialect, unknown]>([
    ['yes', 'kubectl', true],
    ['n', 'sigs', false],
    ['yes', 'kyaml', 'yes'],
    ['0777', 'kyaml', 511],
    ['0o17', 'kubectl', 15],
    ['1_000', 'kyaml', 1000],
    ['0b11', 'kubectl', 3],
    ['12:30:45', 'kyaml', '12:30:45'],
    ['2001-01-01', 'kyaml', '2001-01-01T00:00:00Z'],
    ['2001-01-01', 'kubectl', '2001-01-01'],
    ['2001-02-30', 'kyaml', '2001-02-30'],
    ['12345678901234567890', 'kubectl', 12345678901234567890n],
    ['9007199254740993', 'kyaml', 9007199254740993n],
    ['1e3', 'kyaml', 1000],
    ['~', 'kyaml', null],
    ['"yes"', 'kubectl', 'yes'],
  ])('reads %s as %s does', (text, dialect, expected) => {
    expect(parse(`a: ${text}`, dialect)).toEqual([{ a: expected }]);
  });

  it('merges maps; own keys win for kustomize wherever they stand', () => {
    expect(parse('x: &x {a: 1, b: 2}\ny:\n  a: own\n  <<: *x')).toEqual([{ x: { a: 1, b: 2 }, y: { a: 'own', b: 2 } }]);
  });

  it('refuses a merge that the Kubernetes reader would let win over an earlier key', () => {
    expect(() => parse('x: &x {a: 1}\ny:\n  a: own\n  <<: *x', 'kubectl')).toThrow(/put "<<" first/);
  });

  it('reads several documents and knows where they start', () => {
    const { documents } = parseYamlDocuments('# comment\na: 1\n---\n---\nb: 2\n', {
      dialect: 'sigs',
      fileName: 'a.yaml',
    });
    expect(documents.map(({ value, line }) => [value, line])).toEqual([
      [{ a: 1 }, 2],
      [null, expect.any(Number)],
      [{ b: 2 }, 5],
    ]);
  });

  it('keeps annotations as the text in the file for kustomize', () => {
    expect(parse('metadata:\n  annotations: {a: 1.0, b: yes, c: 2001-01-01}')).toEqual([
      { metadata: { annotations: { a: '1.0', b: 'yes', c: '2001-01-01' } } },
    ]);
  });

  it('tells how nulls were written', () => {
    const { documents } = parseYamlDocuments('a:\nb: ~\nc: null\n', { dialect: 'kyaml', fileName: 'a.yaml' });
    expect(documents[0]?.nulls).toEqual([
      { path: ['a'], text: '' },
      { path: ['b'], text: '~' },
      { path: ['c'], text: 'null' },
    ]);
  });

  it.each([
    ['a: 1\nb: 2\na: 3', 3, 1, /given twice/],
    ['a: [1\nb: 2', 2, 1, /./],
    ['a: *nobody', 1, 4, /no anchor/],
    ['a: .inf', 1, 4, /no JSON form/],
    ['a: !custom x', 1, 4, /not supported/],
    ['1: a', 1, 1, /put it in quotes/],
    ['__proto__: a', 1, 1, /not allowed/],
    ['a: >\n  x\n    y\n', 2, 1, /use "\|"/],
  ])('refuses %j with its place', (text, line, column, reason) => {
    const error = catchError(() => parse(text));
    expect(error).toMatchObject({ file: 'a.yaml', line, column });
    expect(error.reason).toMatch(reason);
  });

  it('refuses aliases that multiply', () => {
    const bomb = Array.from({ length: 9 }, (_, level) => {
      const value = level === 0 ? '[x, x, x, x, x, x, x, x, x]' : `[${`*l${level - 1}, `.repeat(8)}*l${level - 1}]`;
      return `l${level}: &l${level} ${value}`;
    });
    expect(() => parse(bomb.join('\n'))).toThrow(YamlError);
  });

  it('refuses deep nesting and too many documents', () => {
    expect(() => parse(`${'['.repeat(200)}${']'.repeat(200)}`)).toThrow(YamlError);
    expect(() => parse('--- 1\n'.repeat(1001))).toThrow(/more than 1000 documents/);
  });
});

function catchError(action: () => unknown): YamlError {
  try {
    action();
  } catch (error) {
    if (error instanceof YamlError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
