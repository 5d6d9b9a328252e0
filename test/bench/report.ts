/** A table of figures, for a terminal or for a page. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How figures are written. */
export const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
export const share = (value: number) => `${(value * 100).toFixed(0)} %`;
export const whole = (value: number) => Math.round(value).toLocaleString('en');

/** As Markdown, whose columns line up in a terminal too. */
export function printed({ title, columns, rows }: Table): string {
  const widths = columns.map((column, index) =>
    Math.max(3, column.length, ...rows.map(row => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const ruler = `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`;
  return [`### ${title}`, '', line(columns), ruler, ...rows.map(line), ''].join('\n');
}

/** A figure and what it must stay within. */
export interface Bound {
  readonly of: string;
  readonly figure: number;
  /** What stands behind the figure: `times the relay`, `ms`. */
  readonly unit: string;
  readonly most?: number;
  readonly least?: number;
}

/** The bounds that are not kept, in words. */
export function broken(bounds: readonly Bound[]): string[] {
  return bounds.flatMap(({ of, figure, unit, most = Infinity, least = -Infinity }) => {
    if (figure <= most && figure >= least) return [];
    if (Number.isNaN(figure)) return [`${of}: could not be measured, the servers did not keep up`];
    const wanted = figure >= least ? `at most ${spelled(most)}` : `at least ${spelled(least)}`;
    return [`${of}: ${spelled(figure)} ${unit}, ${wanted} wanted`];
  });
}

function spelled(figure: number): string {
  return figure.toLocaleString('en', { maximumFractionDigits: Math.abs(figure) < 100 ? 2 : 0 });
}
