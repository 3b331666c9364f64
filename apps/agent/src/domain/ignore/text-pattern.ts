/** Whether a text as a whole is what a pattern describes. */
export type TextPattern = (text: string) => boolean;

// These need no engine against hostile patterns, and most patterns are of this kind.
const isPlain = /^[\w.|-]*(?:\.\*[\w.|-]*)?$/;

/** Compiles RE2 patterns. The engine is loaded with the first pattern that needs it; null for what is no pattern. */
export async function compilePattern(source: string): Promise<TextPattern | null> {
  if (isPlain.test(source)) {
    const plain = new RegExp(`^(?:${source})$`);
    return (text) => plain.test(text);
  }
  const { RE2JS } = await import('re2js');
  try {
    const compiled = RE2JS.compile(`^(?:${source})$`);
    return (text) => compiled.matcher(text).find();
  } catch {
    return null;
  }
}
