import type { Json } from '@fairlead/manifests';
import { isJsonObject } from '@fairlead/manifests';
import { findingAt, RenderFailure } from '../finding.ts';
import { listOf, textOf } from '../json-reading.ts';
import type { Shape } from '../schema-shape.ts';
import { checkShape, text, withKnownNames } from '../schema-shape.ts';
import { emptyConfig } from './default-config.ts';
import { fieldSpecs } from './kustomization-shape.ts';
import { fieldSpecsOf } from './read-entries.ts';
import type { NameReferenceFields, TransformerConfig } from './transformer-config.ts';
import { fieldListNames } from './transformer-config.ts';

const nameReference: Shape = {
  type: 'list',
  of: { type: 'fields', fields: { group: text, version: text, kind: text, fieldSpecs } },
};
const shape: Shape = {
  type: 'fields',
  fields: { ...Object.fromEntries(fieldListNames.map((name) => [name, fieldSpecs])), nameReference },
};

/** Reads a file named in `configurations`. */
export function readConfiguration(written: Json, file: string, source: string): TransformerConfig {
  if (written === null) return emptyConfig;
  const value = withKnownNames(written, shape);
  const problems = checkShape(value, shape);
  if (problems.length > 0 || !isJsonObject(value)) {
    throw new RenderFailure(
      problems.map(({ path, message, hint }) => findingAt({ file, text: source, path }, message, hint)),
    );
  }
  const lists = Object.fromEntries(fieldListNames.map((name) => [name, fieldSpecsOf(value, name)]));
  return { ...emptyConfig, ...lists, nameReference: listOf(value, 'nameReference').map(referenceOf) };
}

function referenceOf(entry: Json): NameReferenceFields {
  const given = (['group', 'version', 'kind'] as const).flatMap((key) => {
    const value = textOf(entry, key);
    return value ? [[key, value] as const] : [];
  });
  return { target: Object.fromEntries(given), fields: fieldSpecsOf(entry, 'fieldSpecs') };
}
