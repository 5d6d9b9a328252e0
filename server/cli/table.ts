export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align?: 'right';
}

const GAP = '  ';
/** Characters that a column keeps however narrow the terminal is. */
const NARROWEST = 8;

/**
 * Rows under their titles, aligned. Where the lines are wider than the terminal, the widest columns are cut.
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
