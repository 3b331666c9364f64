import { isJsonObject, parseYamlDocuments, YamlError, type Json } from '@fairlead/manifests';
import type { Finding } from '@fairlead/shared/contracts';

const mentionsSecrets = /\bSecret\b|secretGenerator/;
// Where values stand: in Secrets, in generators, and in the two kinds of patches.
const valueFields = new Set(['data', 'stringData', 'literals', 'value', 'variables']);
const shortest = 4;

/**
 * Takes Secret values out of what a failed render says. The renderer rarely quotes values, but a message is stored and
 * shown, so whatever could be one is looked up in the files that were read (`read` gives their texts) and cut out.
 */
export function redactFindings(findings: readonly Finding[], read: () => readonly string[]): Finding[] {
  if (findings.length === 0) return [];
  const texts = read();
  const suspicious = texts.filter((text) => mentionsSecrets.test(text));
  if (suspicious.length === 0) return [...findings];
  const values = new Set<string>();
  let isUnreadable = false;
  for (const text of texts) isUnreadable = !collectFromText(text, values) || isUnreadable;
  const longestFirst = [...values].filter((value) => value.length >= shortest).sort((a, b) => b.length - a.length);
  const clean = (text: string) => {
    const cut = longestFirst.reduce((rest, value) => rest.replaceAll(value, '[secret]'), text);
    // A file that cannot be parsed hides its values from us too, so nothing quoted from it is repeated.
    return isUnreadable ? cut.replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '[…]') : cut;
  };
  return findings.map((finding) => ({
    ...finding,
    message: clean(finding.message),
    hint: finding.hint === null ? null : clean(finding.hint),
  }));
}

/** False when the text is no YAML. Plain texts (`.env` files of generators) count as values line by line. */
function collectFromText(text: string, values: Set<string>): boolean {
  try {
    const { documents } = parseYamlDocuments(text, { dialect: 'kyaml', fileName: 'file' });
    for (const { value } of documents) {
      if (typeof value === 'string') collectLines(value, values);
      else collect(value, false, values);
    }
    return true;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    collectLines(text, values);
    return false;
  }
}

function collectLines(text: string, values: Set<string>): void {
  for (const line of text.split('\n')) values.add(line.slice(line.indexOf('=') + 1).trim());
}

function collect(value: Json, isValue: boolean, values: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, isValue, values);
  } else if (isJsonObject(value)) {
    for (const [key, field] of Object.entries(value)) collect(field, isValue || valueFields.has(key), values);
  } else if (isValue && value !== null) {
    addValue(String(value), values);
  } else if (typeof value === 'string' && value.includes('\n') && mentionsSecrets.test(value)) {
    // A patch written as a text.
    collectFromText(value, values);
  }
}

function addValue(text: string, values: Set<string>): void {
  const literal = text.includes('=') ? text.slice(text.indexOf('=') + 1) : text;
  for (const form of [text, literal, literal.trim()]) {
    values.add(form);
    values.add(Buffer.from(form, 'base64').toString('utf8'));
    values.add(Buffer.from(form, 'utf8').toString('base64'));
  }
}
