import type { JsonObject, KubeObject } from '@fairlead/manifests';
import { parseFieldPath } from '../ignore/field-path.ts';
import { bodyOver } from './keep-ignored.ts';

function object(data: JsonObject, managedFields: JsonObject[] = [], annotations: JsonObject = {}): KubeObject {
  const metadata = { name: 'x', labels: { 'fairlead.dev/app': 'web' }, annotations };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: managedFields.length > 0 ? { ...metadata, managedFields } : metadata,
    data,
  };
}
const held = (manager: string, operation: string, ...names: string[]): JsonObject => ({
  manager,
  operation,
  fieldsV1: { 'f:data': Object.fromEntries(names.map((name) => [`f:${name}`, {}])) },
});
const ignoring = (path: string) => [parseFieldPath(path)];

describe('what is sent over a live object', () => {
  it('[case 93] [case 94] has the live value where a field is ignored and we are the only apply manager', () => {
    const live = object({ a: '9', b: '1' }, [held('fairlead', 'Apply', 'b'), held('kubectl-patch', 'Update', 'a')]);
    expect(bodyOver(object({ a: '1', b: '2' }), live, ignoring('/data/a'))['data']).toEqual({ a: '9', b: '2' });
  });

  it('[case 92] [case 96] leaves an ignored field out once another apply manager holds it', () => {
    const live = object({ a: '9', b: '1' }, [held('fairlead', 'Apply', 'a', 'b'), held('vpa', 'Apply', 'a')]);
    expect(bodyOver(object({ a: '1', b: '2' }), live, ignoring('/data/a'))['data']).toEqual({ b: '2' });
  });

  it('[case 97] keeps an ignored field that we hold and Git does not declare', () => {
    const live = object({ a: '9', b: '1' }, [held('fairlead', 'Apply', 'a', 'b')]);
    expect(bodyOver(object({ b: '2' }), live, ignoring('/data/a'))['data']).toEqual({ a: '9', b: '2' });
    const foreign = object({ a: '9', b: '1' }, [held('fairlead', 'Apply', 'b'), held('kubectl-edit', 'Update', 'a')]);
    expect(bodyOver(object({ b: '2' }), foreign, ignoring('/data/a'))['data']).toEqual({ b: '2' });
  });

  it('keeps its marks whatever is ignored', () => {
    const live = {
      ...object({ a: '1' }, [held('fairlead', 'Apply', 'a')]),
      metadata: { name: 'x', labels: { other: 'y' } },
    };
    expect(bodyOver(object({ a: '1' }), live, ignoring('/metadata/labels')).metadata['labels']).toEqual({
      'fairlead.dev/app': 'web',
      other: 'y',
    });
  });

  it('[case 31] leaves out what others changed on an object that says so, and nothing before our first apply', () => {
    const desired = object({ a: '1', b: '2' }, [], { 'fairlead.dev/drift': 'ignore' });
    const edited = object({ a: '9', b: '1' }, [held('fairlead', 'Apply', 'b'), held('kubectl-edit', 'Update', 'a')]);
    expect(bodyOver(desired, edited, [])['data']).toEqual({ b: '2' });
    const found = object({ a: '9' }, [held('kubectl-edit', 'Update', 'a')]);
    expect(bodyOver(desired, found, [])['data']).toEqual({ a: '1', b: '2' });
  });
});
