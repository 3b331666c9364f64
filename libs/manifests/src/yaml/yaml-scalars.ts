/**
 * How plain scalars are read. `kubectl` and `sigs` are YAML 1.1 as the Kubernetes command line reads
 * it; `kyaml` is what kustomize makes of the resources it builds.
 */
export type YamlDialect = 'kubectl' | 'kyaml' | 'sigs';

/** A value that YAML has and JSON has not. */
export const notJson = Symbol('not json');

export type ScalarValue = null | boolean | number | bigint | string | typeof notJson;

const fixedWords = new Map<string, ScalarValue>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['nan', 'NaN', 'NAN', 'inf', 'Inf', 'INF'].map((word) => [`.${word}`, notJson] as const),
  ...['inf', 'Inf', 'INF'].flatMap((word) => [`+.${word}`, `-.${word}`].map((text) => [text, notJson] as const)),
]);
const switchWords = new Map<string, boolean>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
]);

const mayBeOther = /^[-+.0-9~tTfFnNyYoO]/;
const floatText = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const leadingDotFloat = /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/;
const integerForms: readonly [RegExp, number][] = [
  [/^([-+]?)0[xX]([0-9a-fA-F]+)$/, 16],
  [/^([-+]?)0[bB]([01]+)$/, 2],
  [/^([-+]?)0[oO]?([0-7]+)$/, 8],
  [/^([-+]?)(0|[1-9][0-9]*)$/, 10],
];
const smallInteger = /^(?:0|-?[1-9][0-9]{0,14})$/;

/** Resolves an unquoted scalar. */
export function resolvePlainScalar(text: string, dialect: YamlDialect): ScalarValue {
  if (text !== '' && !mayBeOther.test(text)) return text;
  const word = fixedWords.get(text);
  if (word !== undefined) return word;
  if (dialect !== 'kyaml') {
    const flag = switchWords.get(text);
    if (flag !== undefined) return flag;
  }
  const first = text.charCodeAt(0);
  if (first === 46) return leadingDotFloat.test(text) ? Number(text) : text;
  const isNumberLike = (first >= 48 && first <= 57) || first === 43 || first === 45;
  if (!isNumberLike) return text;
  if (smallInteger.test(text)) return Number(text);
  if (dialect === 'kyaml') {
    const instant = readTimestamp(text);
    if (instant !== null) return instant;
  }
  return resolveNumber(text.replaceAll('_', '')) ?? text;
}

function resolveNumber(text: string): number | bigint | null {
  const integer = readInteger(text);
  if (integer !== null) return integer;
  if (!floatText.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Integers that fit 64 bits are exact; larger ones are floating point numbers in every dialect. */
function readInteger(text: string): number | bigint | null {
  for (const [form, base] of integerForms) {
    const match = form.exec(text);
    if (match === null) continue;
    const [, sign = '', digits = ''] = match;
    const value = BigInt(basePrefix(base) + digits) * (sign === '-' ? -1n : 1n);
    const isUnsigned = sign === '' && value < 1n << 64n;
    const isSigned = value >= -(1n << 63n) && value < 1n << 63n;
    if (!isUnsigned && !isSigned) return null;
    return narrowInteger(value);
  }
  return null;
}

/** A number where it is exact, else a bigint. */
function narrowInteger(value: bigint): number | bigint {
  const narrow = Number(value);
  return Number.isSafeInteger(narrow) ? narrow : value;
}

function basePrefix(base: number): string {
  if (base === 16) return '0x';
  if (base === 8) return '0o';
  return base === 2 ? '0b' : '';
}

const timestampText =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})([.,]\d+)?(Z|[-+]\d{2}:\d{2}))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})([.,]\d+)?))?$/;

/** The RFC 3339 text of a YAML timestamp, or null when the text is none. */
function readTimestamp(text: string): string | null {
  const match = timestampText.exec(text);
  if (match === null) return null;
  const [, year = '', month = '', day = ''] = match;
  const [hour = '0', minute = '0', second = '0'] = [match[4] ?? match[9], match[5] ?? match[10], match[6] ?? match[11]];
  const zone = match[8] ?? 'Z';
  const fraction = (match[7] ?? match[12] ?? '').slice(1, 10).replace(/0+$/, '');
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const isDay = inRange(month, 1, 12) && inRange(day, 1, lastDay);
  if (!isDay || !inRange(hour, 0, 23) || !inRange(minute, 0, 59) || !inRange(second, 0, 59)) return null;
  const time = [hour, minute, second].map((part) => part.padStart(2, '0')).join(':');
  const isUtc = zone === 'Z' || zone === '+00:00' || zone === '-00:00';
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${time}${fraction && `.${fraction}`}${isUtc ? 'Z' : zone}`;
}

function inRange(text: string, low: number, high: number): boolean {
  const value = Number(text);
  return value >= low && value <= high;
}
