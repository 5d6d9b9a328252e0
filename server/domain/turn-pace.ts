/** Commands a second above which turns wait for company. */
const BUSY = 400;
/** Over how long, in milliseconds, commands are counted for that. */
const MEMORY = 100;
/** Milliseconds from the beginning of one turn to that of the next while it is busy. */
const GAP = 10;

/**
 * When the next turn may begin. Each turn costs a commit, and each room in it a packet to everyone who is there: where commands come fast,
 * waiting a few milliseconds for the next ones saves most of that. Where they come one by one, nobody waits.
 */
export class TurnPace {
  /** Commands lately, fading away. */
  #lately = 0;
  #began = -Infinity;

  /** A turn of so many commands begins. @param now in milliseconds */
  begins(commands: number, now: number): void {
    this.#lately = this.#latelyAt(now) + commands;
    this.#began = now;
  }

  /** Milliseconds that the next turn should still wait. */
  wait(now: number): number {
    if (this.#latelyAt(now) < (BUSY * MEMORY) / 1_000) return 0;
    // A clock that was set back makes nobody wait longer.
    return Math.min(GAP, Math.max(0, this.#began + GAP - now));
  }

  #latelyAt(now: number): number {
    return this.#lately * Math.exp(-Math.max(0, now - this.#began) / MEMORY);
  }
}
