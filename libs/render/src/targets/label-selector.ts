import type { LabelSelector } from '../app/app-manifest.ts';

/** Tells whether labels satisfy every part of a selector. */
export function matchesSelector(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const valueOf = (key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  const areLabelsRight = Object.entries(selector.matchLabels).every(([key, value]) => valueOf(key) === value);
  if (!areLabelsRight) return false;
  return selector.matchExpressions.every((requirement) => {
    const value = valueOf(requirement.key);
    switch (requirement.operator) {
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      case 'In':
        return value !== undefined && requirement.values.includes(value);
      case 'NotIn':
        return value === undefined || !requirement.values.includes(value);
    }
  });
}
