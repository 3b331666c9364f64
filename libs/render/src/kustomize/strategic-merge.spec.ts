import type { JsonObject } from '@fairlead/manifests';
import { SharedEntries } from './shared-entries.ts';
import { strategicMerge } from './strategic-merge.ts';

const merge = (target: JsonObject, patch: JsonObject) => strategicMerge(target, patch, new SharedEntries());
const pod = (spec: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec });
const podSpec = (target: JsonObject, patch: JsonObject) => merge(pod(target), pod(patch))?.['spec'];

describe('strategic merge', () => {
  it('puts items of the patch first, merged with those of the same name', () => {
    const target = {
      containers: [
        { name: 'a', image: '1' },
        { name: 'b', image: '1' },
      ],
    };
    const patch = { containers: [{ name: 'new' }, { name: 'b', image: '2' }] };
    expect(podSpec(target, patch)).toEqual({
      containers: [{ name: 'new' }, { name: 'b', image: '2' }, { name: 'a', image: '1' }],
    });
  });

  it('replaces lists without a key as a whole', () => {
    const target = { containers: [{ name: 'a', args: ['x', 'y'] }], tolerations: [{ key: 'k' }] };
    const patch = { containers: [{ name: 'a', args: ['z'] }], tolerations: [{ key: 'l' }] };
    expect(podSpec(target, patch)).toEqual({ containers: [{ name: 'a', args: ['z'] }], tolerations: [{ key: 'l' }] });
  });

  it('deletes with null and with directives', () => {
    const target = { hostNetwork: true, nodeSelector: { a: '1' }, volumes: [{ name: 'v' }, { name: 'w' }] };
    const patch = {
      hostNetwork: null,
      nodeSelector: { $patch: 'delete' },
      volumes: [{ name: 'v', $patch: 'delete' }],
    };
    expect(podSpec(target, patch)).toEqual({ volumes: [{ name: 'w' }] });
  });

  it('replaces a map or a list that says so', () => {
    const target = { nodeSelector: { a: '1' }, volumes: [{ name: 'v' }] };
    const patch = { nodeSelector: { $patch: 'replace', b: '2' }, volumes: [{ $patch: 'replace' }, { name: 'w' }] };
    expect(podSpec(target, patch)).toEqual({ nodeSelector: { b: '2' }, volumes: [{ name: 'w' }] });
  });

  it('keeps a null that was written in the target', () => {
    expect(podSpec({ securityContext: null }, { hostNetwork: true })).toEqual({
      securityContext: null,
      hostNetwork: true,
    });
  });

  it('tells ports apart by protocol only where ports have one', () => {
    const both = {
      containers: [
        {
          name: 'a',
          ports: [
            { containerPort: 53, protocol: 'TCP' },
            { containerPort: 53, protocol: 'UDP' },
          ],
        },
      ],
    };
    const named = { containers: [{ name: 'a', ports: [{ containerPort: 53, protocol: 'UDP', name: 'dns' }] }] };
    expect(podSpec(both, named)).toEqual({
      containers: [
        {
          name: 'a',
          ports: [
            { containerPort: 53, protocol: 'TCP' },
            { containerPort: 53, protocol: 'UDP', name: 'dns' },
          ],
        },
      ],
    });
    const plain = { containers: [{ name: 'a', ports: [{ containerPort: 53 }] }] };
    expect(podSpec(plain, { containers: [{ name: 'a', ports: [{ containerPort: 53, name: 'dns' }] }] })).toEqual({
      containers: [{ name: 'a', ports: [{ containerPort: 53, name: 'dns' }] }],
    });
  });

  it('gives nothing when the whole object is to be deleted', () => {
    expect(merge(pod({}), { ...pod({}), $patch: 'delete' })).toBeUndefined();
  });

  it('knows no list keys of custom resources, but those of objects inside them', () => {
    const gate = (spec: JsonObject): JsonObject => ({
      apiVersion: 'example.dev/v1',
      kind: 'Gate',
      metadata: { name: 'g' },
      spec,
    });
    const merged = merge(
      gate({ list: [{ name: 'a' }], inner: pod({ containers: [{ name: 'a' }] }) }),
      gate({ list: [{ name: 'b' }], inner: { spec: { containers: [{ name: 'b' }] } } }),
    );
    expect(merged?.['spec']).toMatchObject({
      list: [{ name: 'b' }],
      inner: { spec: { containers: [{ name: 'b' }, { name: 'a' }] } },
    });
  });

  it('refuses a patch of another structure', () => {
    expect(() => podSpec({ nodeSelector: { a: '1' } }, { nodeSelector: ['a'] })).toThrow(/has a map/);
    expect(() => podSpec({}, { nodeSelector: { $patch: 'remove' } })).toThrow(/unknown patch directive/);
    expect(() => podSpec({ containers: [{ image: 'x' }] }, { containers: [{ name: 'a' }] })).toThrow(/has no "name"/);
  });
});
