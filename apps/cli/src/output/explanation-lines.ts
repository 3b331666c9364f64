import type { TargetExplanation } from '@fairlead/shared/contracts';
import type { Palette } from '../terminal.ts';
import { objectWords } from './drift-words.ts';

type Explained = TargetExplanation['objects'][number];

/** An object, where it stands, and line by line what changed it and which variables had a say. */
export function explanationLines(object: Explained, paint: Palette): string[] {
  const rows = [
    ['from', place(object)],
    ...object.changes.map((change) => [change.by, place(change)]),
    ...object.variables.map(({ name, value }) => ['variable', `${name} = ${value ?? '(not shown)'}`]),
  ];
  const width = Math.max(...rows.map(([label = '']) => label.length));
  return [
    paint.bold(objectWords(object.id)),
    ...rows.map(([label = '', text = '']) => `  ${paint.dim(label.padEnd(width))}  ${text}`),
  ];
}

/** "apps/orders/fairlead.yaml:12 spec.patches.0" */
function place({ file, line, at }: { file: string; line: number | null; at?: string | null }): string {
  const where = line === null ? file : `${file}:${line}`;
  return at === null || at === undefined ? where : `${where}  ${at}`;
}
