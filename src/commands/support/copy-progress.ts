import { type ContentPlan, type CopyProgress, formatBytes } from '../../content/index.ts';
import type { CommandContext } from '../definition.ts';

const activity = 'Copying content';
/** One file below this size is copied before a bar could be read. */
const smallBytes = 1024 * 1024;

/** One bar for the content of all sites, by their bytes, with the time that is left. */
export class ContentCopyProgress {
  readonly #context: CommandContext;
  readonly #files: number;
  readonly #bytes: number;
  readonly #started: number;
  #filesBefore = 0;
  #bytesBefore = 0;

  constructor(contents: readonly ContentPlan[], context: CommandContext) {
    this.#context = context;
    this.#files = contents.reduce((sum, { files }) => sum + files.length, 0);
    this.#bytes = contents.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#started = context.clock.monotonic();
  }

  /** How far the copy of one root is. */
  report(site: string, { files, bytes }: CopyProgress): void {
    if (this.#files < 2 && this.#bytes < smallBytes) return;
    const filesDone = this.#filesBefore + files;
    const bytesDone = this.#bytesBefore + bytes;
    const share = this.#bytes === 0 ? filesDone / this.#files : bytesDone / this.#bytes;
    const elapsed = (this.#context.clock.monotonic() - this.#started) / 1000;
    const rate = elapsed > 0 ? `, ${formatBytes(Math.round(bytesDone / elapsed))}/s` : '';
    this.#context.progress({
      activity,
      status:
        `${site}: ${filesDone} of ${this.#files} files, ` +
        `${formatBytes(bytesDone)} of ${formatBytes(this.#bytes)}${rate}`,
      percent: share * 100,
      ...(share > 0 ? { secondsRemaining: Math.ceil(elapsed / share - elapsed) } : {}),
    });
  }

  /** A root is done, or left out. */
  finish({ files, bytes }: ContentPlan): void {
    this.#filesBefore += files.length;
    this.#bytesBefore += bytes;
  }

  end(): void {
    this.#context.progress({ activity, status: 'done', percent: 100, completed: true });
  }
}
