/** When turns wait, and for how long. */
export interface TurnGap {
  /** Commands a second above which turns wait for company. */
  readonly above: number;
  /** Milliseconds from the beginning of one turn to that of the next while it is busy. */
  readonly gap: number;
}

/** Where a commit is a write to a file. */
export const OWN_FILE: TurnGap = { above: 400, gap: 10 };
/**
 * Where it is several messages to a database and back, and other servers make turns for the same
 * people.
 */
export const SHARED_DATABASE: TurnGap = { above: 100, gap: 20 };

/** Over how long, in milliseconds, commands are counted. */
const MEMORY = 100;

/**
 * When the next turn may begin. Each turn costs a commit, and each room in it a packet to everyone
 * who is there: where commands come fast, waiting a few milliseconds for the next ones saves most
 * of that. Where they come one by one, nobody waits.
 */
export class TurnPacer {
  readonly #gap: TurnGap;
  /** Commands lately, fading away. */
  #lately = 0;
  #began = -Infinity;

  constructor(gap: TurnGap) {
    this.#gap = gap;
  }

  /** A turn of so many commands begins. @param now in milliseconds */
  begins(commands: number, now: number): void {
    this.#lately = this.#latelyAt(now) + commands;
    this.#began = now;
  }

  /** Milliseconds that the next turn should still wait. */
  wait(now: number): number {
    const { above, gap } = this.#gap;
    if (this.#latelyAt(now) < (above * MEMORY) / 1_000) return 0;
    // A clock that was set back makes nobody wait longer.
    return Math.min(gap, Math.max(0, this.#began + gap - now));
  }

  #latelyAt(now: number): number {
    return this.#lately * Math.exp(-Math.max(0, now - this.#began) / MEMORY);
  }
}
