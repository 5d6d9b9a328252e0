/** A table of figures, for a terminal or for a page. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

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

/** A ratio and the most that it may be. */
export interface Bound {
  readonly of: string;
  readonly ratio: number;
  readonly most: number;
}

/** The bounds that are not kept, in words. */
export function broken(bounds: readonly Bound[]): string[] {
  return bounds
    .filter(({ ratio, most }) => !(ratio <= most))
    .map(({ of, ratio, most }) => `${of}: ${ratio.toFixed(2)} times the relay, at most ${most.toFixed(1)} wanted`);
}
