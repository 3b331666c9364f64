import type { Terminal } from '../terminal.ts';

type Surface = Pick<Terminal, 'isLive' | 'columns' | 'write'>;

const escape = '\u001b[';

/**
 * Lines at the end of the terminal that are drawn again in place. Without a terminal every line that is new or has
 * changed since the drawing before is written, so a log shows what happened and nothing twice.
 */
export class LiveBlock {
  readonly #terminal: Surface;
  #drawn: readonly string[] = [];

  constructor(terminal: Surface) {
    this.#terminal = terminal;
  }

  draw(lines: readonly string[]): void {
    if (this.#terminal.isLive) this.#redraw(lines);
    else this.#append(lines);
  }

  /** Leaves what is drawn where it is; the next `draw` starts below it. */
  finish(): void {
    this.#drawn = [];
  }

  #redraw(lines: readonly string[]): void {
    const up = this.#drawn.length === 0 ? '' : `${escape}${this.#drawn.length}A`;
    const fitting = lines.map((line) => cutToWidth(line, this.#terminal.columns - 1));
    const text = fitting.map((line) => `${escape}2K${line}\n`).join('');
    this.#terminal.write(`${up}\r${text}${escape}0J`);
    this.#drawn = fitting;
  }

  #append(lines: readonly string[]): void {
    for (const line of lines) if (!this.#drawn.includes(line)) this.#terminal.write(`${line}\n`);
    this.#drawn = lines;
  }
}

// A line that wraps would be counted wrongly when it is drawn again. Colour codes take no room.
function cutToWidth(line: string, width: number): string {
  let room = width;
  let cut = '';
  for (const [part] of line.matchAll(/\u001b\[[0-9;]*m|[^\u001b]/gu)) {
    if (part.startsWith('\u001b')) cut += part;
    else if (room > 1) {
      cut += part;
      room -= 1;
    } else if (room === 1) {
      cut += '…';
      room = 0;
    }
  }
  return cut;
}
