import type { Json } from '@fairlead/manifests';
import { RenderFailure } from '../finding.ts';
import { VariableScope } from './variable-scope.ts';

const scope = () =>
  new VariableScope(
    'west-1',
    new Map<string, Json>([
      ['cluster.name', 'west-1'],
      ['var.replicas', 3],
      ['var.list', ['a', 'b']],
    ]),
  );
const origin = { file: 'a.yaml' };

describe('variables', () => {
  it('keep their type where a text is exactly one reference', () => {
    expect(scope().resolveText('${var.replicas}', origin)).toBe(3);
    expect(scope().resolveText('${var.list}', origin)).toEqual(['a', 'b']);
    expect(scope().resolveText('x${var.replicas}', origin)).toBe('x3');
  });

  it('leave everything alone that is not under a reserved root', () => {
    const text = '${HOME} $(date) ${DS_X} ${clusters.name} $${HOME} {{ x }}';
    expect(scope().resolveText(text, origin)).toBe(text);
  });

  it('can be escaped', () => {
    expect(scope().resolveText('$${cluster.name} ${cluster.name}', origin)).toBe('${cluster.name} west-1');
    expect(scope().resolveText('$${var.unknown}', origin)).toBe('${var.unknown}');
  });

  it('cannot put a list into a text', () => {
    expect(() => scope().resolveText('x ${var.list}', origin)).toThrow(RenderFailure);
  });

  it('are not looked for in what they stand for', () => {
    const tricky = new VariableScope(
      'x',
      new Map<string, Json>([
        ['var.a', '${var.b}'],
        ['var.b', 'secret'],
      ]),
    );
    expect(tricky.resolveText('say ${var.a}', origin)).toBe('say ${var.b}');
  });

  it('are recorded once used', () => {
    const used = scope();
    used.resolve({ a: ['${var.replicas}'], b: 'plain' }, origin);
    expect([...used.used]).toEqual([['var.replicas', '3']]);
  });
});
