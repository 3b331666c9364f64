import type { JsonObject } from '@fairlead/manifests';
import { fieldOf } from '@fairlead/manifests';
import { holdsField, mergeFields } from './field-set.ts';
import { migrateVersionPatch, takeOverPatch } from './take-over.ts';
import { parseFieldPath } from '../ignore/field-path.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function entry(manager: string, operation: string, fieldsV1: JsonObject, rest: JsonObject = {}): JsonObject {
  return {
    manager,
    operation,
    apiVersion: 'v1',
    time: '2026-01-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...rest,
  };
}
function live(managedFields: JsonObject[], annotations: JsonObject = {}): JsonObject {
  return { metadata: { name: 'x', resourceVersion: '7', annotations, managedFields } };
}
const rule = { ourManager: 'fairlead', wanted: [], clientSide: true };
const entriesOf = (steps: ReturnType<typeof takeOverPatch>) => {
  const [first] = steps ?? [];
  return first?.op === 'replace' ? first.value : undefined;
};

describe('taking fields over', () => {
  it('[case 22] makes one entry of a client-side apply and ours, and names the version it is for', () => {
    const theirs = {
      'f:data': { '.': {}, 'f:a': {} },
      'f:metadata': { 'f:annotations': { [`f:${lastApplied}`]: {} } },
    };
    const patch = takeOverPatch(
      live(
        [entry('kubectl-client-side-apply', 'Update', theirs), entry('fairlead', 'Apply', { 'f:data': { 'f:b': {} } })],
        {
          [lastApplied]: '{}',
        },
      ),
      rule,
    );
    expect(entriesOf(patch)).toEqual([entry('fairlead', 'Apply', { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } })]);
    expect(patch?.slice(1)).toEqual([
      { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
      { op: 'remove', path: '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration' },
    ]);
  });

  it('leaves controllers, subresources and other people alone', () => {
    const others = [
      entry('kube-controller-manager', 'Update', { 'f:spec': {} }),
      entry('kubectl', 'Update', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'scale' }),
      entry('kubectl', 'Apply', { 'f:data': {} }),
      entry('kubectl-edit', 'Update', { 'f:data': {} }),
    ];
    expect(takeOverPatch(live(others), rule)).toBeNull();
    expect(takeOverPatch(live([entry('before-first-apply', 'Update', {})]), { ...rule, clientSide: false })).toBeNull();
  });

  it('[case 23] takes from exactly the named manager, or from all that begin so, whichever way they write', () => {
    const both = live([
      entry('helm', 'Apply', { 'f:data': { 'f:a': {} } }),
      entry('helm-x', 'Update', { 'f:data': { 'f:b': {} } }),
    ]);
    const exact = takeOverPatch(both, { ...rule, wanted: [{ name: 'helm', match: 'exact' }] });
    expect(entriesOf(exact)).toMatchObject([{ manager: 'fairlead' }, { manager: 'helm-x' }]);
    const prefix = takeOverPatch(both, { ...rule, wanted: [{ name: 'helm', match: 'prefix' }] });
    expect(entriesOf(prefix)).toMatchObject([
      { manager: 'fairlead', fieldsV1: { 'f:data': { 'f:a': {}, 'f:b': {} } } },
    ]);
  });

  it('[case 15] moves every entry of an old version to the new one', () => {
    const old = entry('fairlead', 'Apply', { 'f:spec': {} }, { apiVersion: 'example.dev/v1beta1' });
    const patch = migrateVersionPatch(
      live([old, entry('x', 'Update', {}, { apiVersion: 'example.dev/v1' })]),
      'example.dev/v1',
    );
    const entries = entriesOf(patch);
    expect(Array.isArray(entries) ? entries.map((one) => fieldOf(one, 'apiVersion')) : entries).toEqual([
      'example.dev/v1',
      'example.dev/v1',
    ]);
    expect(migrateVersionPatch(live([entry('x', 'Update', {})]), 'v1')).toBeNull();
  });
});

describe('a set of fields', () => {
  const fields = { 'f:spec': { 'f:list': { 'k:{"name":"app"}': { '.': {}, 'f:image': {} } }, 'f:atomic': {} } };
  it('holds a place, what is above it, and what is below one that is held whole', () => {
    const holds = (path: string) => holdsField(fields, parseFieldPath(path));
    expect(holds('/spec')).toBe(true);
    expect(holds('/spec/list/[name=app]/image')).toBe(true);
    expect(holds('/spec/list/[name=app]/args')).toBe(false);
    expect(holds('/spec/list/[name=web]')).toBe(false);
    expect(holds('/spec/atomic/inner')).toBe(true);
    expect(holds('/status')).toBe(false);
  });

  it('is merged without changing either', () => {
    const other = { 'f:spec': { 'f:more': {} } };
    expect(mergeFields(fields, other)).toEqual({ 'f:spec': { ...fields['f:spec'], 'f:more': {} } });
    expect(fields['f:spec']).not.toHaveProperty('f:more');
  });
});
