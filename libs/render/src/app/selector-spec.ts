import type { JsonObject, YamlPath } from '@fairlead/manifests';
import { listOf, textMapOf, textOf, textsOf } from '../json-reading.ts';
import type { LabelRequirement, LabelSelector } from './app-manifest.ts';
import { oneOf } from './choices.ts';

type Report = (path: YamlPath, message: string) => void;

export function readSelector(selector: JsonObject, path: YamlPath, report: Report): LabelSelector {
  const matchExpressions = listOf(selector, 'matchExpressions').map((entry, index): LabelRequirement => {
    const operator = oneOf(textOf(entry, 'operator'), ['In', 'NotIn', 'Exists', 'DoesNotExist'], 'Exists');
    const values = textsOf(entry, 'values');
    const needsValues = operator === 'In' || operator === 'NotIn';
    const place = [...path, 'matchExpressions', index];
    if (needsValues && values.length === 0) report(place, `${operator} needs values`);
    if (!needsValues && values.length > 0) report(place, `${operator} takes no values`);
    return { key: textOf(entry, 'key') ?? '', operator, values };
  });
  return { matchLabels: textMapOf(selector, 'matchLabels'), matchExpressions };
}
