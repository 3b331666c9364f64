// Logs, events and messages come from clusters: what stands in them must not drive the terminal that shows them.
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The text with every character that could move a cursor, colour or reorder what is shown written as its code. */
function harmlessText(text: string): string {
  return text.replace(steering, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code}`;
  });
}

/** A value of the hub with all its texts made fit for a terminal; line breaks and tabs stay. */
export function harmless<T>(value: T): T {
  return walk(value) as T;
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return harmlessText(value);
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [harmlessText(key), walk(field)]));
}

/** JSON text in which such characters stand as JSON escapes: the same value to a program. */
export function harmlessJson(json: string): string {
  return json.replace(steering, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
