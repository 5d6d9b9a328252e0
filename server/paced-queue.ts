import { performance } from 'node:perf_hooks';

/** Items that are let through a second, however busy the process is: rather that than nobody. */
const SLOWEST = 200;
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
  /** Items that are let through a second while rounds are short. */
  readonly fastest: number;
  /** Told of each item when its time has come. Throws nothing. */
  readonly release: (item: Item) => void;
  /** Told of each item that does not wait any longer, because too many do. Throws nothing. */
  readonly refuse: (item: Item) => void;
  /**
   * Whether nobody is behind an item any more: it is passed over, and costs nothing of the pace.
   */
  readonly isGone?: (item: Item) => boolean;
  /** Calls a task in the next round of the event loop; default setImmediate. */
  readonly nextRound?: (task: () => void) => void;
  /** Milliseconds, of a clock that only goes forward. */
  readonly now?: () => number;
}

/**
 * Lets items through at a pace at which whatever else goes on hardly waits for them: slower after
 * each round of the event loop that was long, faster again while they are short. What an item costs
 * need not be known, nor when. There is a fastest pace, for most of that cost comes later, when
 * whoever is behind an item has answered. Items of one sender pass in their order, and senders in
 * turn: who sends many waits longest, and where too many wait, the last of the longest line makes
 * room.
 */
export class PacedQueue<Item> {
  readonly #options: PacedQueueOptions<Item>;
  readonly #nextRound: (task: () => void) => void;
  readonly #now: () => number;
  readonly #round = () => this.#letThrough();
  /** By sender; the first is the one whose turn it is. */
  readonly #lines = new Map<string, Item[]>();
  #waiting = 0;
  #perSecond: number;
  /** What the pace has allowed and was not used. */
  #credit = BATCH;
  #isGoing = false;
  #asked = 0;

  constructor(options: PacedQueueOptions<Item>) {
    const { fastest, nextRound = setImmediate, now = () => performance.now() } = options;
    this.#options = options;
    this.#nextRound = nextRound;
    this.#now = now;
    this.#perSecond = fastest;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Puts an item at the end of its sender's line. Where too many wait, one of them or this one is
   * refused.
   */
  add(item: Item, sender: string): void {
    const line = this.#lines.get(sender) ?? [];
    line.push(item);
    this.#lines.set(sender, line);
    this.#waiting += 1;
    if (this.#waiting > this.#options.limit) this.#makeRoom();
    if (this.#isGoing) return;
    this.#isGoing = true;
    // Until now it rested: however long that was, no round was, and the pace has recovered.
    this.#earn(this.#elapsed());
    this.#nextRound(this.#round);
  }

  #makeRoom(): void {
    let longest: Item[] = [];
    for (const line of this.#lines.values()) if (line.length > longest.length) longest = line;
    const last = longest.pop();
    if (last === undefined) return;
    this.#waiting -= 1;
    this.#options.refuse(last);
  }

  #letThrough(): void {
    const { release, isGone } = this.#options;
    const took = this.#elapsed();
    if (took > ROUND) this.#perSecond = Math.max(SLOWEST, this.#perSecond * SLOW_DOWN);
    this.#earn(took);
    while (this.#credit >= 1) {
      const item = this.#take();
      if (item === undefined) break;
      if (isGone?.(item)) continue;
      this.#credit -= 1;
      release(item);
    }
    this.#isGoing = this.#waiting > 0;
    if (this.#isGoing) this.#nextRound(this.#round);
  }

  /** The first of the line whose turn it is, which comes again after all others. */
  #take(): Item | undefined {
    for (const [sender, line] of this.#lines) {
      const item = line.shift();
      this.#lines.delete(sender);
      if (line.length > 0) this.#lines.set(sender, line);
      if (item === undefined) continue;
      this.#waiting -= 1;
      return item;
    }
    return undefined;
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
    this.#perSecond = Math.min(this.#options.fastest, this.#perSecond + seconds * SPEED_UP);
    const most = Math.max(BATCH, seconds * SLOWEST);
    this.#credit = Math.min(most, this.#credit + seconds * this.#perSecond);
  }
}
