import { factory } from 'typescript';
import openapiTS, { astToString, type OpenAPI3, type SchemaObject } from 'openapi-typescript';

const header = `// Generated from docs/openapi.json by "npm run generate". Do not edit.

/** Any JSON value. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

`;

/** TypeScript types of the REST API for openapi-fetch. */
export async function clientTypes(document: OpenAPI3): Promise<string> {
  const types = await openapiTS(document, {
    alphabetize: true,
    transform: (schema) => (isAnyJson(schema) ? factory.createTypeReferenceNode('Json') : undefined),
  });
  return header + withoutUnusedTypes(astToString(types));
}

// "Any JSON" is described by a schema that refers to itself, which TypeScript only accepts as a named type.
function isAnyJson(schema: SchemaObject): boolean {
  const alternatives = 'anyOf' in schema && Array.isArray(schema.anyOf) ? schema.anyOf : [];
  const types = alternatives.flatMap((alternative) => ('type' in alternative ? alternative.type : []));
  return (['string', 'number', 'boolean', 'null', 'array', 'object'] as const).every((type) => types.includes(type));
}

// Parts of the document that the hub has nothing in.
function withoutUnusedTypes(text: string): string {
  return text.replaceAll(/^export type (webhooks|\$defs) = Record<string, never>;\n/gm, '');
}
