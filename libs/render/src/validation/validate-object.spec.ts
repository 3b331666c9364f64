import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Json, JsonObject, KubeObject } from '@fairlead/manifests';
import { SchemaSet, schemasOfDefinitions } from './schema-set.ts';
import { validateObject } from './validate-object.ts';

const packed = join(import.meta.dirname, '../../../../apps/hub/src/schemas/kubernetes-1.34.json.gz');
const schemas = new SchemaSet(
  JSON.parse(gunzipSync(readFileSync(packed)).toString('utf8')) as Record<string, JsonObject>,
);

function problems(object: Json, definitions: Json[] = []): string[] {
  const extra = schemasOfDefinitions(definitions as KubeObject[]);
  const schema = schemas.find(object as KubeObject, extra);
  if (schema === null) throw new Error('no schema');
  return validateObject(object as KubeObject, schema, schemas).map(
    ({ path, message, hint }) => `${path}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

function deployment(container: JsonObject, spec: JsonObject = {}): JsonObject {
  const template = {
    metadata: { labels: { app: 'a' } },
    spec: { containers: [{ name: 'main', image: 'x', ...container }] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a', creationTimestamp: null },
    spec: { selector: { matchLabels: { app: 'a' } }, template, ...spec },
  };
}

const definition = (schema: JsonObject): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gates.example.dev' },
  spec: {
    group: 'example.dev',
    scope: 'Namespaced',
    names: { kind: 'Gate', plural: 'gates' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
  },
});
const gate = (spec: JsonObject): JsonObject => ({
  apiVersion: 'example.dev/v1',
  kind: 'Gate',
  metadata: { name: 'g' },
  spec,
});

describe('an object held against the schema of its kind', () => {
  it('may say everything the schema knows, in every way that the server takes', () => {
    const container = {
      ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }],
      resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { cpu: '500m', memory: '1e3' } },
      livenessProbe: { httpGet: { path: '/', port: 'http' } },
      readinessProbe: { httpGet: { path: '/', port: 8080 } },
      env: [{ name: 'A', value: '1' }],
    };
    const strategy = { rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } };
    expect(problems(deployment(container, { strategy, replicas: null }))).toEqual([]);
    expect(problems(definition({ type: 'object', properties: { x: { default: { any: [1] } } } }))).toEqual([]);
  });

  it('has no field that the kind does not know; the nearest is named', () => {
    expect(problems(deployment({ imagee: 'x' }))).toEqual([
      '/spec/template/spec/containers/0/imagee: unknown field "imagee" (did you mean "image"?)',
    ]);
    expect(problems(deployment({}, { replicsa: 2 }))).toEqual([
      '/spec/replicsa: unknown field "replicsa" (did you mean "replicas"?)',
    ]);
  });

  it.each<[string, JsonObject, string]>([
    ['a text for a number', deployment({}, { replicas: '2' }), '/spec/replicas: must be a whole number, not a text'],
    ['a fraction', deployment({}, { replicas: 1.5 }), '/spec/replicas: must be a whole number, not a number'],
    ['too large a number', deployment({}, { replicas: 3e9 }), '/spec/replicas: does not fit int32'],
    ['a list for a map', deployment({}, { selector: [] }), '/spec/selector: must be a map, not a list'],
    [
      'a quantity that is none',
      deployment({ resources: { limits: { cpu: '1 core' } } }),
      '/spec/template/spec/containers/0/resources/limits/cpu: must be a quantity such as 500m, 2 or 1Gi',
    ],
    [
      'two items with one key',
      deployment({ env: [{ name: 'A' }, { name: 'A' }] }),
      '/spec/template/spec/containers/0/env/1: is there twice: ["A"]',
    ],
    [
      'two ports that differ in nothing but what is left out',
      deployment({ ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }),
      '/spec/template/spec/containers/0/ports/1: is there twice: [80,"TCP"]',
    ],
  ])('has the right types and values: %s', (_name, object, expected) => {
    expect(problems(object)).toEqual([expected]);
  });

  it('says what is missing', () => {
    expect(problems({ ...deployment({}), spec: { template: {} } })).toContain('/spec: "selector" is missing');
  });

  it('says nothing of a Secret but its place', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { pin: 4711 } };
    expect(problems(secret)).toEqual(['/data/pin: must be a text, not a number']);
  });

  it('is held against a definition that comes with it', () => {
    const schema: JsonObject = {
      type: 'object',
      required: ['spec'],
      properties: {
        spec: {
          type: 'object',
          required: ['mode', 'size'],
          properties: {
            mode: { type: 'string', enum: ['open', 'closed'] },
            size: { type: 'integer', minimum: 1, default: 1 },
            host: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
            port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
            free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            labels: { type: 'object', additionalProperties: { type: 'string' } },
          },
        },
      },
    };
    const with_ = (spec: JsonObject) => problems(gate(spec), [definition(schema)]);
    expect(with_({ mode: 'open', host: 'abc', port: 'http', free: { any: [1] }, labels: { a: 'b' } })).toEqual([]);
    expect(with_({ mode: 'opn', host: 'ABCDEF', size: 0, other: 1, labels: { a: 1 } })).toEqual([
      '/spec/mode: must be one of open, closed (did you mean "open"?)',
      '/spec/host: must be at most 5 characters',
      '/spec/host: must match ^[a-z]+$',
      '/spec/size: must be at least 1',
      '/spec/other: unknown field "other"',
      '/spec/labels/a: must be a text, not a number',
    ]);
    expect(with_({})).toEqual(['/spec: "mode" is missing']);
  });

  it('with a pattern that would take for ever elsewhere is done at once', () => {
    const schema: JsonObject = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { x: { type: 'string', pattern: '^(a+)+$' } } } },
    };
    expect(problems(gate({ x: `${'a'.repeat(5000)}b` }), [definition(schema)])).toHaveLength(1);
  });

  it('may use names that mean something to JavaScript', () => {
    const object = JSON.parse(
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"__proto__":{},"constructor":1}',
    ) as Json;
    expect(problems(object)).toEqual([
      '/__proto__: unknown field "__proto__"',
      '/constructor: unknown field "constructor"',
    ]);
  });
});
