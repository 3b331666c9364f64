import { findCycles, runtimeImports } from './import-cycles.ts';

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

describe('import cycles', () => {
  it('are found, each once', () => {
    expect(findCycles(graph({ a: ['b'], b: ['c'], c: ['a'], d: ['a', 'e'], e: ['d'], f: ['f'] }))).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
      ['f'],
    ]);
  });

  it('are not seen in diamonds', () => {
    expect(findCycles(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
  });

  it('count what remains at run time', () => {
    const text = `
      import a from './a.ts';
      import './b.ts';
      import { c, type C } from './c.ts';
      export * from './d.ts';
      import type { E } from './e.ts';
      import { type F } from './f.ts';
      export type { G } from './g.ts';
    `;
    expect(runtimeImports('x.ts', text)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts']);
  });
});
