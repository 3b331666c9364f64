import type { Json } from '@fairlead/manifests';
import { canonicalJson } from '@fairlead/manifests';

// The API server reads an apply body as YAML even when it is JSON: raw control characters are refused there, and some
// line separators would be folded into spaces.
const unsafeInYaml = new RegExp('[\\u007f-\\u009f\\u2028\\u2029\\ufeff\\ufffe\\uffff]', 'g');

/** The body of a server-side apply request: JSON that a YAML parser reads as exactly the same value. */
export function applyBody(object: Json): string {
  return canonicalJson(object).replace(
    unsafeInYaml,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
