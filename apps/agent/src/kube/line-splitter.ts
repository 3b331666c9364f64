const lineLimitBytes = 4 * 1024 * 1024;

/** Cuts a byte stream at line ends; a line is decoded only when it is whole, so no character is ever cut. */
export class LineSplitter {
  #parts: Buffer[] = [];
  #size = 0;

  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#keep(chunk.subarray(start, end));
      const line = Buffer.concat(this.#parts).toString('utf8');
      if (line !== '') lines.push(line);
      this.#parts = [];
      this.#size = 0;
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
    return lines;
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > lineLimitBytes) throw new RangeError('a line of the watch stream is too long');
    this.#parts.push(part);
  }
}
