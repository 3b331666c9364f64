import type { Shape } from '../schema-shape.ts';
import { text } from '../schema-shape.ts';

// Short ways to write the shapes of `fairlead.yaml`.

export const choice = (...of: string[]): Shape => ({ type: 'choice', of });

export const fields = (of: Readonly<Record<string, Shape>>, required: readonly string[] = []): Shape => ({
  type: 'fields',
  fields: of,
  required,
});

export const list = (of: Shape, most?: number): Shape =>
  most === undefined ? { type: 'list', of } : { type: 'list', of, most };

/** Which objects a patch or a rule is for. */
export const objectTarget = fields({
  group: text,
  version: text,
  kind: text,
  name: text,
  namespace: text,
  labelSelector: text,
  annotationSelector: text,
});
