import type { AppManifest } from '../app/app-manifest.ts';
import type { Finding } from '../finding.ts';
import { RenderFailure } from '../finding.ts';
import type { FinishedObject } from '../finish-objects.ts';
import type { SchemaSet } from './schema-set.ts';
import { schemasOfDefinitions } from './schema-set.ts';
import { validateObject } from './validate-object.ts';

/**
 * Holds all objects of a target against the schemas of its cluster and of the definitions that come with them. Gives what
 * is wrong as warnings, or ends the render with it when the app asks for that; there, a kind without a schema is wrong too.
 */
export function validateObjects(
  app: AppManifest,
  finished: readonly FinishedObject[],
  schemas: SchemaSet | undefined,
): Finding[] {
  const mode = app.validation.schema;
  if (schemas === undefined || mode === 'off') return [];
  const extra = schemasOfDefinitions(finished.map(({ object }) => object));
  const findings = finished.flatMap(({ object, id, origin }): Finding[] => {
    const name = `${id.kind} "${id.name}"`;
    const schema = schemas.find(object, extra);
    if (schema === null) {
      if (mode !== 'strict') return [];
      const message = `${name}: there is no schema for ${object.apiVersion} ${object.kind}`;
      return [{ ...origin, message, hint: 'add its definition to the app, or say validation.schema: warn' }];
    }
    return validateObject(object, schema, schemas).map(({ path, message, hint }) => ({
      ...origin,
      message: `${name}: ${message}, at ${path === '' ? '/' : path}`,
      ...(hint === undefined ? {} : { hint }),
    }));
  });
  if (mode === 'strict' && findings.length > 0) throw new RenderFailure(findings);
  return findings;
}
