// Makes the schemas of the supported Kubernetes versions in apps/hub/src/schemas from the OpenAPI documents in the source
// of Kubernetes, as its Go module has them: `node tools/node24.mjs tools/kubernetes-schemas.ts`. Needs Go; run it when a
// version is added.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { canonicalJson, type Json } from '@fairlead/manifests';

const versions = ['1.31.14', '1.32.11', '1.33.7', '1.34.3', '1.35.0'];
const target = join(import.meta.dirname, '../apps/hub/src/schemas');

// What validation looks at; descriptions are nine tenths of the document.
const kept = new Set([
  '$ref',
  'type',
  'format',
  'items',
  'properties',
  'additionalProperties',
  'required',
  'enum',
  'x-kubernetes-group-version-kind',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
]);

type Schema = Record<string, unknown>;

function trimmed(schema: Schema): Schema {
  const result: Schema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (!kept.has(key)) continue;
    if (key === 'properties') {
      const properties = Object.entries(value as Record<string, Schema>);
      result[key] = Object.fromEntries(properties.map(([name, property]) => [name, trimmed(property)]));
    } else if ((key === 'items' || key === 'additionalProperties') && typeof value === 'object') {
      result[key] = trimmed(value as Schema);
    } else if (key === '$ref') {
      result[key] = String(value).replace('#/definitions/', '');
    } else {
      result[key] = value;
    }
  }
  return result;
}

for (const version of versions) {
  const module = JSON.parse(
    execFileSync('go', ['mod', 'download', '-json', `k8s.io/kubernetes@v${version}`], { encoding: 'utf8' }),
  ) as { Dir: string };
  const document = JSON.parse(readFileSync(join(module.Dir, 'api/openapi-spec/swagger.json'), 'utf8')) as {
    definitions: Record<string, Schema>;
  };
  const definitions = Object.entries(document.definitions).map(([name, schema]) => [name, trimmed(schema)] as const);
  const minor = version.split('.').slice(0, 2).join('.');
  const packed = gzipSync(canonicalJson(Object.fromEntries(definitions) as Json), { level: 9 });
  writeFileSync(join(target, `kubernetes-${minor}.json.gz`), packed);
  console.log(`${minor}: ${definitions.length} definitions, ${packed.length} bytes`);
}
