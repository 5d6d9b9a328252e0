import type { Answer } from '../../protocol/conversation.js';
import { isPassing, RefusedError, type Refusal, refusal } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import { newCommandId } from '../../protocol/names.js';
import { type CommandBody, COMMANDS } from '../../protocol/timeline/commands/index.js';
import type { KeptCommand } from './outbox-store.js';
import type { Platform } from './platform.js';
import { Timer } from './timer.js';

/** A command on its way. */
export interface OutboxEntry extends KeptCommand {
  /** Its event's seq, once it is acknowledged; it stays until the timeline has come that far. */
  readonly seq: number | undefined;
}

/** What an outbox needs, and whom it tells. */
export interface OutboxPort {
  /** Sends once. Rejects where no answer came. */
  send(entry: OutboxEntry): Promise<Answer<{ readonly seq: number }>>;
  /** The server has kept it. */
  acknowledged(entry: OutboxEntry, seq: number): void;
  /** The server will not have it; it is no longer in the outbox. */
  refused(entry: OutboxEntry, refusal: Refusal): void;
}

interface Entry extends OutboxEntry {
  seq: number | undefined;
  readonly weight: number;
  /** Which flight it is on; undefined while it is not under way. */
  flight: number | undefined;
}

/** At most this much waits: a few hours of drawing without a network. */
const MOST_ENTRIES = 10_000;
const MOST_CHARACTERS = 8_000_000;
/** Independent commands under way at one time. */
const WINDOW = 16;

/**
 * The commands that the server has not acknowledged, in the order in which they were submitted;
 * that is the order in which they are sent, and sent again after a lost connection or answer: the
 * server knows a command's id again. Independent ones (strokes) travel several at one time;
 * everything else waits for the answers to what was before it, because the server may put one thing
 * off (`rate_limited`) and take the next. What has waited for LIMITS.waited is not sent: what it
 * answers, and the board that it was drawn for, are long gone.
 */
export class Outbox {
  #entries = new Map<string, Entry>();
  readonly #port: OutboxPort;
  readonly #platform: Platform;
  readonly #timer: Timer;
  #open = false;
  #window = WINDOW;
  #failures = 0;
  #weight = 0;
  #unanswered = 0;
  #flights = 0;

  constructor(port: OutboxPort, platform: Platform) {
    this.#port = port;
    this.#platform = platform;
    this.#timer = new Timer(platform);
  }

  /** In order; those too that are acknowledged but not in the timeline yet. */
  get entries(): Iterable<OutboxEntry> {
    return this.#entries.values();
  }

  /** How many are not acknowledged. */
  get waiting(): number {
    return this.#unanswered;
  }

  /** @throws RefusedError `outbox_full` */
  add(body: CommandBody): OutboxEntry {
    const entry = entryOf({ id: newCommandId(), body, createdAt: this.#platform.now() });
    if (this.#entries.size >= MOST_ENTRIES || this.#weight + entry.weight > MOST_CHARACTERS) {
      throw new RefusedError('outbox_full');
    }
    this.#put(entry);
    this.#flush();
    return entry;
  }

  /**
   * Puts earlier commands before all that is here, in their order; returns those that were not here
   * already.
   */
  restore(earlier: readonly KeptCommand[]): OutboxEntry[] {
    const here = this.#entries;
    const fresh = earlier.filter(({ id }) => !here.has(id)).map(entryOf);
    // What is acknowledged waits for the timeline alone, and stays where `retireUpTo` looks.
    const done = [...here].filter(([, { seq }]) => seq !== undefined);
    this.#entries = new Map(done);
    for (const entry of fresh) this.#put(entry);
    for (const [id, entry] of here) this.#entries.set(id, entry);
    this.#expire();
    this.#flush();
    return fresh.filter(({ id }) => this.#entries.has(id));
  }

  /** The connection is there: sends everything that is not acknowledged. */
  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#expire();
    this.#flush();
  }

  /** The connection is gone: what was under way may or may not have arrived. */
  shut(): void {
    this.#open = false;
    this.#timer.stop();
    for (const entry of this.#entries.values()) entry.flight = undefined;
  }

  /** The command's event is in the timeline: forgets it, and returns it if it was here. */
  retire(id: string): OutboxEntry | undefined {
    const entry = this.#entries.get(id);
    if (entry) {
      this.#remove(entry);
      this.#flush();
    }
    return entry;
  }

  /** The timeline has come to `seq`: forgets what was acknowledged up to there, and returns it. */
  retireUpTo(seq: number): OutboxEntry[] {
    const done: Entry[] = [];
    let unanswered = 0;
    for (const entry of this.#entries.values()) {
      if (entry.seq === undefined) unanswered += 1;
      else if (entry.seq <= seq) done.push(entry);
      // Nothing is sent, and so nothing acknowledged, past as many that wait.
      if (unanswered > WINDOW) break;
    }
    for (const entry of done) this.#remove(entry);
    return done;
  }

  #put(entry: Entry): void {
    this.#entries.set(entry.id, entry);
    this.#weight += entry.weight;
    this.#unanswered += 1;
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.id);
    this.#weight -= entry.weight;
    if (entry.seq === undefined) this.#unanswered -= 1;
  }

  #flush(): void {
    if (!this.#open || this.#timer.running) return;
    let inFlight = 0;
    for (const entry of this.#entries.values()) {
      if (entry.seq !== undefined) continue;
      const alone = !COMMANDS[entry.body.type].independent;
      if (entry.flight === undefined) {
        if (inFlight >= (alone ? 1 : this.#window)) return;
        void this.#send(entry);
      }
      if (alone) return;
      inFlight += 1;
    }
  }

  async #send(entry: Entry): Promise<void> {
    const flight = (this.#flights += 1);
    entry.flight = flight;
    let answer: Answer<{ readonly seq: number }> | undefined;
    try {
      answer = await this.#port.send(entry);
    } catch {
      // No answer in time, or no connection: sent again.
    }
    if (this.#entries.get(entry.id) !== entry || entry.seq !== undefined) return;
    if (answer?.ok) {
      entry.seq = answer.seq;
      this.#unanswered -= 1;
      this.#failures = 0;
      if (this.#unanswered === 0) this.#window = WINDOW;
      this.#port.acknowledged(entry, answer.seq);
    } else if (answer && !isPassing(answer.error.code)) {
      this.#refuse(entry, answer.error);
    } else if (entry.flight === flight) {
      entry.flight = undefined;
      this.#retryLater(answer?.error.retryAfter);
    }
    this.#flush();
  }

  #refuse(entry: Entry, reason: Refusal): void {
    this.#remove(entry);
    this.#port.refused(entry, reason);
  }

  /**
   * By the local clock: one that goes wrong makes things wait longer, or asks their author once
   * more.
   */
  #expire(): void {
    const oldest = this.#platform.now() - LIMITS.waited;
    for (const entry of [...this.#entries.values()]) {
      if (entry.seq === undefined && entry.createdAt < oldest) this.#refuse(entry, refusal('outbox_expired'));
    }
  }

  /** Too much for the server just now: waits, then goes on one by one until all is through. */
  #retryLater(retryAfter: number | undefined): void {
    this.#window = 1;
    if (!this.#open || this.#timer.running) return;
    this.#timer.backOff(this.#failures, () => this.#flush(), retryAfter);
    this.#failures += 1;
  }
}

function entryOf({ id, body, createdAt }: KeptCommand): Entry {
  return { id, body, createdAt, seq: undefined, weight: JSON.stringify(body).length, flight: undefined };
}
