import { performance } from 'node:perf_hooks';

/** Items that are let through a second: at most, and however busy the process is, for rather that than nobody. */
const PER_SECOND = { most: 1_000, least: 200 };
/** Items that are let through in one round at most. */
const BATCH = 10;
/** Milliseconds that a round of the event loop may take before fewer items are let through. */
const ROUND = 8;
/** What becomes of the pace after a longer one, and by how much a second it rises again. */
const SLOW_DOWN = 0.7;
const SPEED_UP = 400;

export interface PacedQueueOptions<Item> {
  /** Items that may wait. */
  readonly limit: number;
  /** Told of each item when its time has come. Throws nothing. */
  readonly release: (item: Item) => void;
  /** Calls a task in the next round of the event loop; default setImmediate. */
  readonly nextRound?: (task: () => void) => void;
  /** Milliseconds, of a clock that only goes forward. */
  readonly now?: () => number;
}

/**
 * Lets items through in their order, at a pace at which whatever else goes on hardly waits for them: slower after each round of the event loop
 * that was long, faster again while they are short. What an item costs need not be known, nor when. There is a fastest pace, for most of that
 * cost comes later, when whoever is behind an item has answered.
 */
export class PacedQueue<Item> {
  readonly #limit: number;
  readonly #release: (item: Item) => void;
  readonly #nextRound: (task: () => void) => void;
  readonly #now: () => number;
  readonly #round = () => this.#letThrough();
  /** Those from `#next` on wait. */
  #items: Item[] = [];
  #next = 0;
  #perSecond = PER_SECOND.most;
  /** What the pace has allowed and was not used. */
  #credit = BATCH;
  #isGoing = false;
  #asked = 0;

  constructor(options: PacedQueueOptions<Item>) {
    const { limit, release, nextRound = setImmediate, now = () => performance.now() } = options;
    this.#limit = limit;
    this.#release = release;
    this.#nextRound = nextRound;
    this.#now = now;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#items.length - this.#next;
  }

  /** Puts an item at the end. @returns false where too many wait; then it is not taken */
  add(item: Item): boolean {
    if (this.waiting >= this.#limit) return false;
    this.#items.push(item);
    if (!this.#isGoing) {
      this.#isGoing = true;
      // Until now it rested: however long that was, no round was.
      this.#earn(this.#elapsed());
      this.#nextRound(this.#round);
    }
    return true;
  }

  #letThrough(): void {
    const took = this.#elapsed();
    if (took > ROUND) this.#perSecond = Math.max(PER_SECOND.least, this.#perSecond * SLOW_DOWN);
    this.#earn(took);
    const allowed = Math.floor(this.#credit);
    this.#credit -= allowed;
    const until = Math.min(this.#items.length, this.#next + allowed);
    while (this.#next < until) {
      const item = this.#items[this.#next];
      this.#next += 1;
      if (item !== undefined) this.#release(item);
    }
    if (this.#next === this.#items.length) {
      this.#items = [];
      this.#next = 0;
      this.#isGoing = false;
    } else {
      this.#nextRound(this.#round);
    }
  }

  /** Milliseconds since it was last asked. */
  #elapsed(): number {
    const now = this.#now();
    const elapsed = now - this.#asked;
    this.#asked = now;
    return elapsed;
  }

  #earn(milliseconds: number): void {
    const seconds = milliseconds / 1_000;
    this.#perSecond = Math.min(PER_SECOND.most, this.#perSecond + seconds * SPEED_UP);
    const most = Math.max(BATCH, seconds * PER_SECOND.least);
    this.#credit = Math.min(most, this.#credit + seconds * this.#perSecond);
  }
}
