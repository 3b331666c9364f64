import type { Json, KubeObject } from '@fairlead/manifests';
import { mergeDeclared } from './declared-merge.ts';
import { listShapes } from './list-shapes.ts';

const fieldsV1 = {
  'f:spec': {
    'f:containers': {
      'k:{"name":"main"}': { '.': {}, 'f:image': {} },
      'k:{"name":"proxy"}': { '.': {}, 'f:image': {} },
    },
    'f:args': {},
    'f:finalizers': { 'v:"a"': {} },
  },
};

describe('what is declared, laid over what is there', () => {
  it('[case 155] keeps what is not declared, and finds list items by the keys that the server uses', () => {
    const live = object({
      containers: [
        { name: 'proxy', image: 'p:1' },
        { name: 'main', image: 'm:2', pull: 'Always' },
      ],
      args: ['x'],
      finalizers: ['a', 'b'],
    });
    const declared = object({ containers: [{ name: 'main', image: 'm:1' }], args: ['y'], finalizers: ['a'] });
    expect(mergeDeclared(live, declared, listShapes(live))['spec']).toEqual({
      containers: [
        { name: 'proxy', image: 'p:1' },
        { name: 'main', image: 'm:1', pull: 'Always' },
      ],
      args: ['y'],
      finalizers: ['a', 'b'],
    });
  });

  it('[case 148] takes two spellings of an amount for the same, but only where amounts stand', () => {
    const resources = (cpu: Json, memory: Json) => ({ resources: { limits: { cpu, memory } }, version: cpu });
    const merged = mergeDeclared(object(resources('1', '1Gi')), object(resources('1000m', '1025Mi')), new Map());
    expect(merged['spec']).toEqual({ resources: { limits: { cpu: '1', memory: '1025Mi' } }, version: '1000m' });
  });

  it('[case 150] takes null and empty for absent', () => {
    const live = object({ a: 1 });
    expect(mergeDeclared(live, object({ a: 1, b: null, c: [], d: {} }), new Map())['spec']).toEqual({ a: 1 });
  });
});

function object(spec: Record<string, Json>): KubeObject {
  const managedFields = [{ manager: 'x', operation: 'Update', fieldsV1 }];
  return { apiVersion: 'example.dev/v1', kind: 'Thing', metadata: { name: 'x', managedFields }, spec };
}
