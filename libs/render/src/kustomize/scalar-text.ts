import type { Json } from '@fairlead/manifests';
import { canonicalJson, resolvePlainScalar } from '@fairlead/manifests';

export type Scalar = null | boolean | number | bigint | string;

/** Tells whether a value is no map and no list. */
export function isScalar(value: Json): value is Scalar {
  return typeof value !== 'object' || value === null;
}

/** A scalar as it stands in YAML. */
export function plainText(value: Scalar): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** What a text without a type of its own means when it stands in YAML unquoted; texts that cannot stay texts. */
export function untypedScalar(text: string): Scalar | undefined {
  if (text.includes('\n')) return text;
  const value = resolvePlainScalar(text, 'kyaml');
  return typeof value === 'symbol' || value === null ? undefined : value;
}

/**
 * What a scalar becomes when another text is written in its place: its type stays. Undefined when the
 * text does not fit the type.
 */
export function withText(present: Scalar, text: string): Scalar | undefined {
  if (typeof present === 'string') return text;
  if (present === null) return undefined;
  const value = untypedScalar(text);
  if (typeof present === 'boolean') return typeof value === 'boolean' ? value : undefined;
  const isFloat = typeof present === 'number' && !Number.isInteger(present);
  if (typeof value === 'bigint') return isFloat ? undefined : value;
  if (typeof value !== 'number') return undefined;
  return isFloat || Number.isInteger(value) ? value : undefined;
}
