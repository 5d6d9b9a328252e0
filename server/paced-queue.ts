import { performance } from 'node:perf_hooks';

/** The slowest pace, in items a second, however busy the process is. */
const SLOWEST = 200;
/** The most items of one round. */
const BATCH = 10;
/** A round of the event loop longer than this, in milliseconds, lowers the pace. */
const ROUND = 8;
/** The pace after a long round, as a factor; and how much it rises each second. */
const SLOW_DOWN = 0.7;
const SPEED_UP = 400;

export interface PacedQueueOptions<Item> {
  /** The most items that may wait. */
  readonly limit: number;
  /** The fastest pace, in items a second. */
  readonly fastest: number;
  /** Called when an item is let through. Must not throw. */
  readonly release: (item: Item) => void;
  /** Called when an item is dropped because too many wait. Must not throw. */
  readonly refuse: (item: Item) => void;
  /** Whether an item is obsolete: it is skipped, and costs nothing of the pace. */
  readonly isGone?: (item: Item) => boolean;
  /** Calls a task in the next round of the event loop; default setImmediate. */
  readonly nextRound?: (task: () => void) => void;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Lets items through at a pace that hardly delays other work: slower after each long round of the
 * event loop, faster again while rounds are short. So it needs no estimate of what an item costs.
 * The fastest pace is limited too, because most of an item's cost comes later, when its sender has
 * answered.
 *
 * Items of one sender keep their order, and senders take turns. Whoever sends many waits longest;
 * when too many items wait, the last one of the longest line is dropped.
 */
export class PacedQueue<Item> {
  readonly #options: PacedQueueOptions<Item>;
  readonly #nextRound: (task: () => void) => void;
  readonly #now: () => number;
  readonly #round = () => this.#letThrough();
  /** By sender. The first is the next one served. */
  readonly #lines = new Map<string, Item[]>();
  #waiting = 0;
  #perSecond: number;
  /** Items that the pace has allowed and that were not used. */
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
   * Puts an item at the end of its sender's line. If too many wait, this one or another one is
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
    // After a rest of any length the pace has recovered: no round was long.
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

  /** The next item; its sender goes to the end. */
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
