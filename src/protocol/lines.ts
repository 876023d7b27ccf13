import { StringDecoder } from 'node:string_decoder';

/**
 * Cuts a stream of bytes into lines, however the bytes are cut. Only \n ends a line (readline would also cut at
 * U+2028, which may stand in a payload). A byte order mark at the start, as .NET Framework writes one, is dropped.
 */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #started = false;

  /** The lines that these bytes complete. */
  push(bytes: Buffer): string[] {
    let text = this.#decoder.write(bytes);
    if (!this.#started && text !== '') {
      this.#started = true;
      text = text.replace(/^\uFEFF/, '');
    }
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    return lines;
  }
}
