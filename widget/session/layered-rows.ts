import type { Rows } from '../../protocol/timeline/state.js';

/**
 * Rows laid over others, which stay as they are: what is set or deleted here covers what is below.
 * All else is read through, so that the rows below may go on changing. In order come the rows
 * below, replaced in their place, then the new ones; what is deleted and set again is new.
 */
export class LayeredRows<Key, Row extends object | string | number | boolean | null> implements Rows<Key, Row> {
  readonly #base: ReadonlyMap<Key, Row>;
  readonly #replaced = new Map<Key, Row>();
  readonly #added = new Map<Key, Row>();
  readonly #deleted = new Set<Key>();

  constructor(base: ReadonlyMap<Key, Row>) {
    this.#base = base;
  }

  get(key: Key): Row | undefined {
    const added = this.#added.get(key);
    if (added !== undefined || this.#deleted.has(key)) return added;
    const replaced = this.#replaced.get(key);
    return replaced === undefined ? this.#base.get(key) : replaced;
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  set(key: Key, row: Row): void {
    const inPlace = this.#base.has(key) && !this.#deleted.has(key) && !this.#added.has(key);
    (inPlace ? this.#replaced : this.#added).set(key, row);
  }

  delete(key: Key): boolean {
    const had = this.has(key);
    this.#added.delete(key);
    this.#replaced.delete(key);
    if (this.#base.has(key)) this.#deleted.add(key);
    return had;
  }

  *values(): Iterable<Row> {
    for (const [key, row] of this.#base) {
      if (this.#deleted.has(key) || this.#added.has(key)) continue;
      const replaced = this.#replaced.get(key);
      yield replaced === undefined ? row : replaced;
    }
    yield* this.#added.values();
  }

  /** Shows what is below again. */
  uncover(key: Key): void {
    this.#added.delete(key);
    this.#replaced.delete(key);
    this.#deleted.delete(key);
  }
}
