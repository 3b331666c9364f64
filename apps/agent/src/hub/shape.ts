/** Tells whether a value from outside has the type; gives the path of the first thing that is wrong, null when nothing is. */
export type Shape<T> = ((value: unknown, path: string) => string | null) & { readonly [accepted]?: T };
declare const accepted: unique symbol;

/**
 * The few checks that messages of the hub need. The contract's own zod schemas say the same, and a test holds both against
 * each other; but loading zod would cost the agent a sixth of its memory. The type parameter ties every shape to the
 * contract: a field that the contract gains does not compile here until it is checked.
 */
export function object<T extends object>(fields: { readonly [Field in keyof T]-?: Shape<T[Field]> }): Shape<T> {
  const entries = Object.entries(fields) as [string, Shape<unknown>][];
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return path;
    for (const [name, shape] of entries) {
      const problem = shape((value as Record<string, unknown>)[name], `${path}.${name}`);
      if (problem !== null) return problem;
    }
    return null;
  };
}

export function list<T>(item: Shape<T>): Shape<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) return path;
    for (let index = 0; index < value.length; index += 1) {
      const problem = item(value[index], `${path}[${index}]`);
      if (problem !== null) return problem;
    }
    return null;
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, path) => (value === null ? null : shape(value, path));
}

export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return (value, path) => (first(value, path) === null ? null : second(value, path));
}

export function oneOf<const T extends string>(...values: readonly T[]): Shape<T> {
  return (value, path) => ((values as readonly unknown[]).includes(value) ? null : path);
}

export function text(pattern?: RegExp): Shape<string> {
  return (value, path) => (typeof value === 'string' && (pattern?.test(value) ?? true) ? null : path);
}

export function whole(least = Number.MIN_SAFE_INTEGER): Shape<number> {
  return (value, path) => (Number.isSafeInteger(value) && (value as number) >= least ? null : path);
}

export const flag: Shape<boolean> = (value, path) => (typeof value === 'boolean' ? null : path);

/** Any JSON. */
export const anything: Shape<never> = () => null;

/** Narrows a value, or gives where it is wrong. */
export function check<T>(
  shape: Shape<T>,
  value: unknown,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string } {
  const problem = shape(value, '$');
  return problem === null ? { ok: true, value: value as T } : { ok: false, problem };
}
