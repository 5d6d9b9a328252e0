/** When turns wait for more commands, and for how long. */
export interface TurnGap {
  /** Commands a second above which turns wait. */
  readonly above: number;
  /** Milliseconds from the start of one turn to the start of the next while busy. */
  readonly gap: number;
}

/** For a database in a file: a commit is one write. */
export const OWN_FILE: TurnGap = { above: 400, gap: 10 };
/**
 * For a shared database: a commit is several round trips, and other servers run turns for the same
 * people.
 */
export const SHARED_DATABASE: TurnGap = { above: 100, gap: 20 };

/** The time over which commands are counted, in milliseconds. */
const MEMORY = 100;

/**
 * Decides when the next turn may begin. Each turn costs a commit, and one packet to everyone in
 * each of its rooms. When commands come fast, waiting a few milliseconds for more saves most of
 * that. When they come one by one, none waits.
 */
export class TurnPacer {
  readonly #gap: TurnGap;
  /** Recent commands, a sum that decays. */
  #lately = 0;
  #began = -Infinity;

  constructor(gap: TurnGap) {
    this.#gap = gap;
  }

  /**
   * Call when a turn of so many commands begins.
   * @param now in milliseconds
   */
  begins(commands: number, now: number): void {
    this.#lately = this.#latelyAt(now) + commands;
    this.#began = now;
  }

  /** Milliseconds that the next turn should still wait. */
  wait(now: number): number {
    const { above, gap } = this.#gap;
    if (this.#latelyAt(now) < (above * MEMORY) / 1_000) return 0;
    // If the clock was set back, nobody waits longer than a gap.
    return Math.min(gap, Math.max(0, this.#began + gap - now));
  }

  #latelyAt(now: number): number {
    return this.#lately * Math.exp(-Math.max(0, now - this.#began) / MEMORY);
  }
}
