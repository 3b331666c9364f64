import Table from 'cli-table3';
import type { Palette } from '../terminal.ts';

const noBorders = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
  ),
);

/** Rows in aligned columns, without lines around them; trailing blanks are cut. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: { ...noBorders, middle: '   ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  for (const row of rows) table.push([...row]);
  const lines = table.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** One thing in full: a label and a value per line. */
export function formatFields(fields: readonly (readonly [string, string])[], paint: Palette): string {
  const width = Math.max(...fields.map(([label]) => label.length));
  return fields
    .map(([label, value]) => {
      const lines = value.split('\n').join(`\n${' '.repeat(width + 2)}`);
      return `${paint.dim(label.padEnd(width))}  ${lines}\n`;
    })
    .join('');
}
