import { printable, printableJson } from './printable.js';
import { type Column, table } from './table.js';

/** Where a command writes to: a terminal, a file, a test. */
export interface Output {
  write(text: string): unknown;
  /** Characters in a line, where it is a terminal. */
  readonly columns?: number | undefined;
}

/** What a person, or a program that asked for JSON, is shown. */
export class Screen {
  readonly #output: Output;
  readonly #json: boolean;

  constructor(output: Output, json: boolean) {
    this.#output = output;
    this.#json = json;
  }

  /** Shows an answer of the server's: as it is to programs, by `show` to people. */
  answer(answer: unknown, show: () => void): void {
    if (this.#json) this.#output.write(`${printableJson(answer)}\n`);
    else show();
  }

  /** Says that something is done, which has no answer: nothing for programs, whose exit code says it. */
  done(sentence: string): void {
    if (!this.#json) this.line(sentence);
  }

  line(text = ''): void {
    this.#output.write(`${printable(text)}\n`);
  }

  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    // Before it is measured: what is written out is longer.
    const cells = rows.map(row => row.map(printable));
    for (const line of table(columns, cells, this.#output.columns)) this.line(line);
  }

  /** Names and what belongs to them, one to a line. */
  pairs(pairs: readonly (readonly [name: string, value: string])[]): void {
    const width = Math.max(...pairs.map(([name]) => name.length));
    for (const [name, value] of pairs) this.line(`${name.padEnd(width)}  ${value}`.trimEnd());
  }
}
