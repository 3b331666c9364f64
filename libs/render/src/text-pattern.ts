import { RE2JS } from 're2js';

/** A regular expression that must match a whole text, in time linear to its length. */
export interface TextPattern {
  matches(text: string): boolean;
}

const cached = new Map<string, TextPattern | null>();
const maxCached = 1000;
const isLiteral = /^[A-Za-z0-9_-]*$/;

/** Compiles a pattern written by a user; null when it is none. */
export function compilePattern(source: string): TextPattern | null {
  const known = cached.get(source);
  if (known !== undefined) return known;
  if (cached.size >= maxCached) cached.clear();
  const pattern = compile(source);
  cached.set(source, pattern);
  return pattern;
}

function compile(source: string): TextPattern | null {
  if (isLiteral.test(source)) return { matches: (text) => text === source };
  try {
    const compiled = RE2JS.compile(`^(?:${source})$`);
    return { matches: (text) => compiled.matcher(text).find() };
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
