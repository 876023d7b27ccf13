/** Tells a person what happens; on standard error where the result is for a program. */
export class Narrator {
  readonly #write: (text: string) => void;
  #step = 0;

  constructor(json: boolean) {
    const stream = json ? process.stderr : process.stdout;
    this.#write = (text) => void stream.write(text);
  }

  step(title: string): void {
    this.#step += 1;
    this.#write(`\n${this.#step}. ${title}\n`);
  }

  command(text: string): void {
    this.#write(`   PS> ${text}\n`);
  }

  say(text: string): void {
    const lines = text.replace(/\s+$/, '').split('\n');
    this.#write(lines.map((line) => `   ${line}`.trimEnd() + '\n').join(''));
  }
}
