import type { AppDiff, ReleaseDiff } from '@fairlead/shared/contracts';
import type { Palette } from '../terminal.ts';
import { objectWords } from './drift-words.ts';
import { plural, short, shortJson } from './words.ts';

const signs = { added: '+', removed: '-', changed: '~' } as const;

/** A diff of releases for people. */
export function releaseDiffLines(diff: ReleaseDiff, paint: Palette): string[] {
  const against = diff.before === null ? 'nothing before it' : sideWords(diff.before);
  const differing = diff.diffs.reduce((sum, { clusters }) => sum + clusters.length, diff.more);
  return [
    paint.bold(`${diff.group} ${sideWords(diff.after)} against ${against}: ${plural(differing, 'target')} differ`) +
      paint.dim(`  ${diff.unchanged} unchanged`),
    ...appDiffLines(diff.diffs, paint),
    ...(diff.more > 0 ? [paint.dim(`${plural(diff.more, 'target')} more not shown`)] : []),
  ];
}

function sideWords({ number, commit, cluster }: ReleaseDiff['after']): string {
  return `#${number} ${short(commit)}${cluster === null ? '' : ` on ${cluster}`}`;
}

/** Diffs of apps, each with the clusters that share it. */
export function appDiffLines(diffs: readonly AppDiff[], paint: Palette): string[] {
  const colours = { added: paint.green, removed: paint.red, changed: paint.yellow };
  return diffs.flatMap((diff) => {
    const hidden = diff.added + diff.changed + diff.removed - diff.objects.length;
    return [
      `${diff.app} on ${diff.clusters.length > 10 ? plural(diff.clusters.length, 'cluster') : diff.clusters.join(', ')}`,
      ...diff.objects.flatMap((object) => [
        `  ${colours[object.change](`${signs[object.change]} ${objectWords(object.id)}`)}`,
        ...object.fields.map((field) => `      ${field.path}  ${side(field.from)} → ${side(field.to)}`),
      ]),
      ...(hidden > 0 ? [paint.dim(`  ${plural(hidden, 'object')} more not shown`)] : []),
    ];
  });
}

function side(value: unknown): string {
  return value === undefined ? 'nothing' : shortJson(value);
}
