import { dump } from 'js-yaml';
import type { Terminal } from '../terminal.ts';
import { harmlessJson } from './harmless.ts';
import { formatFields, formatTable } from './table.ts';

export const outputFormats = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Only with `--output wide`. */
  readonly isWide?: boolean;
}

/** How a kind of thing is shown to people. Machines get what the hub answered. */
export interface View<Row> {
  readonly name: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  /** Said instead of an empty table. */
  readonly empty: string;
}

/** Writes results to standard output in the format that was asked for, and remarks for people, which `--quiet` drops. */
export class Printer {
  readonly format: OutputFormat;
  readonly #terminal: Terminal;
  readonly #isQuiet: boolean;

  constructor(terminal: Terminal, format: OutputFormat, isQuiet: boolean) {
    this.#terminal = terminal;
    this.format = format;
    this.#isQuiet = isQuiet;
  }

  /** True when the output is for people. */
  get isForPeople(): boolean {
    return this.format === 'table' || this.format === 'wide';
  }

  list<Row>(rows: readonly Row[], view: View<Row>): void {
    if (this.format === 'json' || this.format === 'yaml') return this.document({ items: rows });
    this.#terminal.write(this.listText(rows, view));
  }

  /** What `list` writes for people or as names, for callers that redraw it. */
  listText<Row>(rows: readonly Row[], view: View<Row>): string {
    if (this.format === 'name') return rows.map((row) => `${view.name(row)}\n`).join('');
    if (rows.length === 0) return this.#isQuiet ? '' : `${view.empty}\n`;
    const columns = view.columns.filter((column) => this.format === 'wide' || column.isWide !== true);
    const header = columns.map((column) => this.#terminal.paint.dim(column.title));
    return formatTable([header, ...rows.map((row) => columns.map((column) => column.value(row)))]);
  }

  one<Row>(row: Row, view: View<Row>, fields: readonly (readonly [string, string])[]): void {
    if (this.format === 'json' || this.format === 'yaml') return this.document(row);
    if (this.format === 'name') return this.#terminal.write(`${view.name(row)}\n`);
    this.#terminal.write(formatFields(fields, this.#terminal.paint));
  }

  document(value: unknown): void {
    const text =
      this.format === 'yaml'
        ? dump(value, { lineWidth: 120, noRefs: true })
        : harmlessJson(JSON.stringify(value, null, 2));
    this.#terminal.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Text that is the result itself. */
  text(line: string): void {
    this.#terminal.write(`${line}\n`);
  }

  /** A remark: shown to people only, never mixed into machine-readable output. */
  remark(line: string): void {
    if (this.isForPeople && !this.#isQuiet) this.#terminal.write(`${line}\n`);
  }
}
