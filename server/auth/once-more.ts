/**
 * Work that need not be done more often than it is asked for in turn: what is asked for while it is under way is done once more after it, for
 * all who asked meanwhile. So whoever asks gets work that began after they asked.
 */
export class OnceMore {
  readonly #work: () => Promise<void>;
  #underWay: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Ends as the work does that began after this was called. */
  ask(): Promise<void> {
    if (!this.#underWay) return this.#begin();
    const after = () => {
      this.#next = undefined;
      return this.#begin();
    };
    this.#next ??= this.#underWay.then(after, after);
    return this.#next;
  }

  #begin(): Promise<void> {
    const underWay = this.#work().finally(() => {
      if (this.#underWay === underWay) this.#underWay = undefined;
    });
    this.#underWay = underWay;
    return underWay;
  }
}
