/** What `/metrics` says, in Prometheus' text format. */
export class Exposition {
  readonly #values: ReadonlyMap<string, number>;

  private constructor(values: ReadonlyMap<string, number>) {
    this.#values = values;
  }

  static parse(text: string): Exposition {
    const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'));
    return new Exposition(
      new Map(lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))])),
    );
  }

  /** What several nodes say, added up. */
  static sum(all: readonly Exposition[]): Exposition {
    const values = new Map<string, number>();
    for (const one of all) for (const [name, value] of one.#values) values.set(name, (values.get(name) ?? 0) + value);
    return new Exposition(values);
  }

  /** How much each counter has risen since. */
  since(earlier: Exposition): Exposition {
    return new Exposition(new Map([...this.#values].map(([name, value]) => [name, value - earlier.value(name)])));
  }

  /** @param series as it is written there: the name with its labels; 0 where there is none */
  value(series: string): number {
    return this.#values.get(series) ?? 0;
  }

  /**
   * Of a histogram without labels, in its unit: what Prometheus' `histogram_quantile` would say.
   * NaN where nothing was counted.
   */
  quantile(histogram: string, share: number): number {
    const rank = this.value(`${histogram}_count`) * share;
    let lower = 0;
    let below = 0;
    for (const [series, counted] of this.#values) {
      const bound = new RegExp(`^${histogram}_bucket\\{le="([^"]+)"\\}$`).exec(series)?.[1];
      if (bound === undefined) continue;
      // Past the last bound nothing more is known.
      if (bound === '+Inf') break;
      const upper = Number(bound);
      if (counted >= rank && counted > 0) {
        const within = counted > below ? (rank - below) / (counted - below) : 1;
        return lower + (upper - lower) * within;
      }
      lower = upper;
      below = counted;
    }
    return this.value(`${histogram}_count`) > 0 ? lower : Number.NaN;
  }
}
