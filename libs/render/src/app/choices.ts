/** The choice a text stands for; the shape of the document has been checked before. */
export function oneOf<const T extends string>(text: string | undefined, choices: readonly T[], fallback: T): T {
  return choices.find((choice) => choice === text) ?? fallback;
}
