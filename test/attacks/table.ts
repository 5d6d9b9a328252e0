/** The report of a line of the list: a row an attack. */

export interface Row {
  readonly tried: string;
  /** What the attacker got to hear. */
  readonly refused: string;
  readonly alive: string;
  readonly undisturbed: string;
}

const HEADINGS: Row = {
  tried: 'tried',
  refused: 'refused with',
  alive: 'server alive',
  undisturbed: 'others undisturbed',
};
const COLUMNS = ['tried', 'refused', 'alive', 'undisturbed'] as const;

/** The rows under a title, in columns as wide as what stands in them. */
export function table(title: string, rows: readonly Row[]): string {
  const lines = [HEADINGS, ...rows];
  const widths = COLUMNS.map(column => Math.max(...lines.map(row => row[column].length)));
  const line = (row: Row): string => COLUMNS.map((column, index) => row[column].padEnd(widths[index] ?? 0)).join(' | ');
  const rule = widths.map(width => '-'.repeat(width)).join('-|-');
  return [title, line(HEADINGS), rule, ...rows.map(line)].map(text => text.trimEnd()).join('\n');
}
