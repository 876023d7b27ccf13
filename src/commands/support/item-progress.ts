import type { CommandContext } from '../definition.ts';

/** The bar of work on items of equal weight; a single item has none, for it would be there for an instant only. */
export class ItemProgress {
  readonly #context: CommandContext;
  readonly #activity: string;
  readonly #total: number;
  #done = 0;

  /** @param activity e.g. `Backing up sites` */
  constructor(context: CommandContext, activity: string, total: number) {
    this.#context = context;
    this.#activity = activity;
    this.#total = total;
  }

  /** The item whose turn it is now. */
  working(item: string): void {
    this.#tell(`${item} (${Math.min(this.#done + 1, this.#total)} of ${this.#total})`);
  }

  /** One item more is done. */
  advance(): void {
    this.#done++;
    this.#tell(`${this.#done} of ${this.#total}`);
  }

  /** The bar goes. The session takes it away by itself where the command ends before. */
  end(): void {
    if (this.#total > 1)
      this.#context.progress({ activity: this.#activity, status: 'done', percent: 100, completed: true });
  }

  #tell(status: string): void {
    if (this.#total < 2) return;
    this.#context.progress({ activity: this.#activity, status, percent: (this.#done / this.#total) * 100 });
  }
}
