import type { Json, JsonObject } from '@fairlead/manifests';
import { fieldOf, isJsonObject } from '@fairlead/manifests';
import { fail } from '../finding.ts';
import { objectOf, textOf } from '../json-reading.ts';
import { emptyConfig } from './default-config.ts';
import type { FieldSpec } from './field-path.ts';
import type { TransformerConfig } from './transformer-config.ts';
import { mergeConfigs } from './transformer-config.ts';

/** What the OpenAPI definitions of custom resources say about their fields (`x-kubernetes-...`). */
export function configOfDefinitions(definitions: Json, file: string): TransformerConfig {
  if (!isJsonObject(definitions) || Object.values(definitions).some((definition) => !isJsonObject(definition)))
    fail({ file, message: 'a file in "crds" holds OpenAPI definitions by name, not a CustomResourceDefinition' });
  const reader = new DefinitionReader(definitions, file);
  for (const name of Object.keys(definitions)) reader.read(name);
  return reader.config;
}

class DefinitionReader {
  config = emptyConfig;
  readonly #definitions: JsonObject;
  readonly #file: string;

  constructor(definitions: JsonObject, file: string) {
    this.#definitions = definitions;
    this.#file = file;
  }

  read(name: string): void {
    const properties = this.#propertiesOf(name);
    const isKind = ['kind', 'apiVersion', 'metadata'].every((field) => fieldOf(properties, field) !== undefined);
    if (isKind) this.#walk(name, { kind: name.split('.').at(-1) ?? '' }, []);
  }

  #propertiesOf(name: string): JsonObject | undefined {
    const definition = objectOf(this.#definitions, name);
    const schema = objectOf(definition, 'Schema') ?? objectOf(definition, 'schema');
    return objectOf(schema, 'properties');
  }

  #walk(name: string, of: { kind: string }, path: readonly string[]): void {
    if (path.length > 30) fail({ file: this.#file, message: `the definition "${name}" refers to itself` });
    for (const [property, schema] of Object.entries(this.#propertiesOf(name) ?? {})) {
      const here = [...path, property];
      const has = (extension: string): boolean => textOf(schema, `x-kubernetes-${extension}`) !== undefined;
      const field: FieldSpec = { ...of, path: here.join('/'), create: false };
      if (has('annotation')) this.#add({ commonAnnotations: [field] });
      if (has('label-selector')) this.#add({ commonLabels: [field] });
      if (has('identity')) this.#add({ namePrefix: [field] });
      this.#addReference(schema, field);
      const reference = textOf(schema, '$ref');
      if (reference !== undefined) this.#walk(reference, of, here);
    }
  }

  #addReference(schema: Json, field: FieldSpec): void {
    const version = textOf(schema, 'x-kubernetes-object-ref-api-version');
    const kind = textOf(schema, 'x-kubernetes-object-ref-kind');
    if (version === undefined || kind === undefined) return;
    const key = textOf(schema, 'x-kubernetes-object-ref-name-key') ?? 'name';
    const fields = [{ ...field, path: `${field.path}/${key}` }];
    this.#add({ nameReference: [{ target: { version, kind }, fields }] });
  }

  #add(more: Partial<TransformerConfig>): void {
    this.config = mergeConfigs(this.config, { ...emptyConfig, ...more }, this.#file);
  }
}
