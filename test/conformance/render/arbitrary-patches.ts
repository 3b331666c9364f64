import fc from 'fast-check';
import type { JsonObject } from '@fairlead/manifests';
import { anyName, container, podSpec } from './arbitrary-objects.ts';

const workloads = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
const directive = fc.constantFrom('delete', 'replace', 'merge');

const directedContainer = fc
  .tuple(container, fc.option(directive, { nil: undefined }))
  .map(([fields, $patch]) => ($patch === undefined ? fields : { ...fields, $patch }));

const podChange = fc.oneof(
  podSpec,
  fc.record({ containers: fc.array(directedContainer, { minLength: 1, maxLength: 2 }) }),
  fc.constant({ containers: null }),
  fc.constant({ $patch: 'replace', containers: [{ name: 'only', image: 'nginx' }] }),
  fc.constant({
    tolerations: [{ key: 'other' }],
    hostAliases: [{ ip: '10.0.0.1', hostnames: ['i'] }, { ip: '10.0.0.2' }],
  }),
  fc.constant({ containers: [{ $patch: 'replace' }, { name: 'fresh', image: 'busybox' }] }),
  fc.constant({ volumes: [{ name: 'v1', $patch: 'delete' }], nodeSelector: { disk: 'ssd' } }),
);

const metadataChange = fc.constantFrom<JsonObject>(
  {},
  { labels: { added: 'yes' } },
  { labels: { app: null }, annotations: { a: null, b: '1' } },
  { annotations: {} },
  { finalizers: ['a', 'b'] },
);

/** A strategic merge patch, for a name that may or may not be there. */
export const mergePatch: fc.Arbitrary<JsonObject> = fc
  .oneof(
    fc
      .tuple(
        fc.constantFrom(...workloads),
        anyName,
        metadataChange,
        podChange,
        fc.option(fc.nat(5), { nil: undefined }),
      )
      .map(([kind, name, metadata, spec, replicas]) => ({
        apiVersion: 'apps/v1',
        kind,
        metadata: { name, ...metadata },
        spec: { ...(replicas === undefined ? {} : { replicas }), template: { spec } },
      })),
    fc.tuple(anyName, metadataChange).map(([name, metadata]) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, ...metadata },
      spec: {
        ports: [
          { port: 80, name: 'http' },
          { port: 81, protocol: 'UDP' },
        ],
        selector: null,
      },
    })),
    fc.constantFrom('ConfigMap', 'Deployment', 'Secret').chain((kind) =>
      anyName.map((name) => ({
        apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
        kind,
        metadata: { name },
        $patch: 'delete',
      })),
    ),
    anyName.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { k: 'new', more: '2' } })),
    anyName.map((name) => ({
      apiVersion: 'example.dev/v1',
      kind: 'Gate',
      metadata: { name },
      spec: { list: [{ name: 'b' }], template: { metadata: { labels: { n: '1' } } } },
    })),
  )
  .map((patch) => JSON.parse(JSON.stringify(patch)) as JsonObject);

/** RFC 6902 operations that mostly apply to workloads. */
export const jsonPatch: fc.Arbitrary<JsonObject[]> = fc.array(
  fc.constantFrom<JsonObject>(
    { op: 'add', path: '/metadata/labels', value: { fresh: 'x' } },
    { op: 'add', path: '/metadata/annotations', value: { 'a/b': '1' } },
    { op: 'replace', path: '/spec/replicas', value: 7 },
    { op: 'add', path: '/spec/template/spec/containers/0/args', value: ['a'] },
    { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'last', image: 'nginx:9' } },
    { op: 'remove', path: '/spec/template/spec/containers/0' },
    { op: 'remove', path: '/spec/template/spec/volumes' },
    { op: 'copy', from: '/metadata/name', path: '/spec/copied' },
    { op: 'move', from: '/spec/template/spec/containers/0/image', path: '/spec/moved' },
    { op: 'test', path: '/kind', value: 'Deployment' },
    { op: 'replace', path: '/metadata/name', value: 'renamed' },
  ),
  { minLength: 1, maxLength: 3 },
);

/** A target selector. */
export const target: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject>(
  { kind: 'Deployment' },
  { kind: 'Deployment|StatefulSet' },
  { name: 'w.b' },
  { kind: 'Service', name: 'api' },
  { labelSelector: 'app=x' },
  { labelSelector: 'app in (x, y),!tier' },
  { annotationSelector: 'a=b' },
  { group: 'apps', version: 'v1', name: 'web' },
  { namespace: 'shop', kind: 'Deployment' },
  { kind: 'Dep' },
);
