import type { Json, KubeObject } from '@fairlead/manifests';
import { canonicalJson, fieldOf, isJsonObject, sha256Hex } from '@fairlead/manifests';

const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };
const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/**
 * The suffix of a generated ConfigMap or Secret. The name is part of the hashed text but always empty
 * there: that is how kustomize computes it, so that equal contents have equal suffixes.
 */
export function contentHash(object: KubeObject): string {
  const hashed: Record<string, Json> = { kind: object.kind, name: '', data: fieldOf(object, 'data') ?? '' };
  if (object.kind === 'Secret') hashed['type'] = fieldOf(object, 'type') ?? '';
  const second = object.kind === 'Secret' ? 'stringData' : 'binaryData';
  const more = fieldOf(object, second);
  if (isJsonObject(more)) hashed[second] = more;
  const encoded = canonicalJson(hashed).replaceAll(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? '');
  return [...sha256Hex(encoded).slice(0, 10)].map((digit) => letters[digit] ?? digit).join('');
}
