import type { ReleaseDiff, ReleaseTargetDiff } from '@fairlead/shared/contracts';
import type { Palette } from '../terminal.ts';
import { objectWords } from './drift-words.ts';
import { plural, shortJson } from './words.ts';

const signs = { added: '+', removed: '-', changed: '~' } as const;

/** A diff for people; clusters on which an app changes in the same way are shown together. */
export function diffLines(diff: ReleaseDiff, paint: Palette): string[] {
  const against = diff.against === null ? 'nothing before it' : `release ${diff.against}`;
  const differing = diff.items.length + diff.more;
  const lines = [
    paint.bold(`Release ${diff.release} against ${against}: ${plural(differing, 'target')} differ`) +
      paint.dim(`  ${diff.unchanged} unchanged`),
  ];
  const groups = Map.groupBy(diff.items, (item) => `${item.app}\n${JSON.stringify(item.objects)}`);
  for (const items of groups.values()) {
    const [first] = items;
    if (first === undefined) continue;
    lines.push(`${first.app} on ${items.map((item) => item.cluster).join(', ')}`, ...objectLines(first, paint));
  }
  if (diff.more > 0)
    lines.push(paint.dim(`${plural(diff.more, 'target')} more not shown; --output json has the first 200`));
  return lines;
}

function objectLines(item: ReleaseTargetDiff, paint: Palette): string[] {
  const colours = { added: paint.green, removed: paint.red, changed: paint.yellow };
  return item.objects.flatMap((object) => [
    `  ${colours[object.change](`${signs[object.change]} ${objectWords(object.id)}`)}`,
    ...object.fields.map((field) => `      ${field.path}  ${side(field.from)} → ${side(field.to)}`),
  ]);
}

function side(value: unknown): string {
  return value === undefined ? 'nothing' : shortJson(value);
}
