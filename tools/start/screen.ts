import picocolors from 'picocolors';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const repeatPlainMs = 30_000;
const textWidth = 72;

/** What is shown while things come up: one line per step, a spinner only where a person looks at it. */
export class Screen {
  readonly isLive: boolean;
  readonly paint: ReturnType<typeof picocolors.createColors>;

  constructor(isHeadless: boolean) {
    this.isLive = !isHeadless && process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
    this.paint = picocolors.createColors(this.isLive && process.env['NO_COLOR'] === undefined);
  }

  get columns(): number {
    return process.stdout.columns ?? 120;
  }

  write(text: string): void {
    process.stdout.write(text);
  }

  line(text = ''): void {
    this.write(`${text === '' ? '' : `  ${text}`}\n`);
  }

  warn(text: string): void {
    this.line(`${this.paint.yellow('!')} ${text}`);
  }

  /** Shows a step while `work` runs; `work` may tell what it is at, and gives what to say when it is done. */
  async step<T>(
    title: string,
    work: (tell: (detail: string) => void) => Promise<T>,
    say: (result: T) => string,
  ): Promise<T> {
    const startedAt = Date.now();
    let detail = '';
    let plainAt = startedAt + 5_000;
    let frame = 0;
    const show = () => {
      frame += 1;
      if (this.isLive) {
        const spinner = this.paint.cyan(frames[frame % frames.length] ?? '');
        const text = `${title}  ${this.paint.dim(detail)}`;
        this.write(`\r\u001b[2K  ${spinner} ${text} ${this.paint.dim(duration(Date.now() - startedAt))}`);
      } else if (Date.now() >= plainAt) {
        this.line(`… ${title}  ${detail}`.trimEnd());
        plainAt = Date.now() + repeatPlainMs;
      }
    };
    const timer = setInterval(show, this.isLive ? 100 : 1_000);
    try {
      const result = await work((text) => (detail = text));
      clearInterval(timer);
      this.#clear();
      this.done(`${title}  ${this.paint.dim(say(result))}`, Date.now() - startedAt);
      return result;
    } catch (error) {
      clearInterval(timer);
      this.#clear();
      this.line(`${this.paint.red('✖')} ${title}`);
      throw error;
    }
  }

  done(text: string, elapsedMs?: number): void {
    const time = elapsedMs === undefined ? '' : this.paint.dim(duration(elapsedMs));
    const blanks = ' '.repeat(Math.max(2, textWidth - visibleLength(text)));
    this.line(`${this.paint.green('✔')} ${text}${time === '' ? '' : blanks + time}`);
  }

  #clear(): void {
    if (this.isLive) this.write('\r\u001b[2K');
  }
}

/** "9 s", "3 m 12 s" */
export function duration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}

function visibleLength(text: string): number {
  return [...text.replaceAll(/\u001b\[[0-9;]*m/g, '')].length;
}
