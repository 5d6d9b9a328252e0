/** Whether figures that were taken over time stay as they are. */

/** One figure over time. */
export interface Series {
  readonly name: string;
  readonly unit: 'MiB' | '';
  readonly values: readonly number[];
  /** What the second half may have more than the first, in the same unit. */
  readonly bound: number;
  /** Why so much. */
  readonly because: string;
}

export interface Growth extends Series {
  readonly first: number;
  readonly second: number;
  readonly isFlat: boolean;
}

/**
 * The second half against the first, each by its median: one sample in the middle of something says
 * little.
 */
export function growthOf(series: Series): Growth {
  const { values, bound } = series;
  const half = values.length >> 1;
  const [first, second] = [median(values.slice(0, half)), median(values.slice(half))];
  return { ...series, first, second, isFlat: second - first <= bound };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? 0;
}

/** One line. */
export function said({ name, unit, first, second, bound, because, isFlat }: Growth): string {
  const shown = (value: number) => `${value.toFixed(unit === 'MiB' ? 2 : 0)}${unit && ` ${unit}`}`;
  const change = `${shown(first)} -> ${shown(second)}, ${second >= first ? '+' : ''}${shown(second - first)}`;
  return `${isFlat ? 'flat  ' : 'GROWS '} ${name}: ${change} (at most ${shown(bound)}: ${because})`;
}
