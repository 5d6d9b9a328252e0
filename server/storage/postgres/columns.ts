/** Of each of `names` the values of all rows, as `unnest` takes them. */
export type Columns<Row, Names extends readonly (keyof Row)[]> = {
  readonly [Index in keyof Names]: readonly Row[Names[Index]][];
};

/**
 * Turns rows into columns: a statement takes an array for each column, however many rows there are.
 */
export function columnsOf<Row, const Names extends readonly (keyof Row)[]>(
  rows: readonly Row[],
  names: Names,
): Columns<Row, Names> {
  // The mapping of a tuple is an array to the compiler: that it is as long and in the same order is
  // seen here.
  return names.map(name => rows.map(row => row[name])) as unknown as Columns<Row, Names>;
}
