/**
 * What steers a terminal, or hides or turns what stands beside it. Joiners alone, of letters and of
 * emoji, are part of names.
 */
const STEERING = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** A line as any terminal may be given it: what would steer it is written out, `\u{1b}`. */
function printable(line: string): string {
  return line.replace(STEERING, character => `\\u{${codeOf(character)}}`);
}

/** JSON that says the same and steers nothing: JSON itself writes out only a part of what does. */
function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(STEERING, character => {
    return character === '\n' ? character : character.replace(/[^]/g, unit => `\\u${codeOf(unit).padStart(4, '0')}`);
  });
}

function codeOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}

interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align?: 'right';
}

const GAP = '  ';
/** Characters that a column keeps however narrow the terminal is. */
const NARROWEST = 8;

/**
 * Rows under their titles, aligned. Where the lines are wider than the terminal, the widest columns
 * are cut.
 *
 * @param width characters in a line; undefined where nothing is cut, as in a file
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): readonly string[] {
  const lines = [columns.map(({ title }) => title.toUpperCase()), ...rows];
  const widths = columns.map((_column, at) => Math.max(...lines.map(cells => lengthOf(cells[at] ?? ''))));
  narrow(widths, width ?? Number.POSITIVE_INFINITY);
  return lines.map(cells =>
    columns
      .map(({ align }, at) => fit(cells[at] ?? '', widths[at] ?? 0, align === 'right'))
      .join(GAP)
      .trimEnd(),
  );
}

function narrow(widths: number[], width: number): void {
  let excess = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1) - width;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) return;
    widths[widths.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
}

function fit(text: string, width: number, right: boolean): string {
  const characters = [...text];
  const cut = characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : text;
  const space = ' '.repeat(width - lengthOf(cut));
  return right ? space + cut : cut + space;
}

function lengthOf(text: string): number {
  return [...text].length;
}

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

  /**
   * Says that something is done, which has no answer: nothing for programs, whose exit code says
   * it.
   */
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
