import { RefusedError } from '../../protocol/errors.js';
import type { Clock } from '../clock.js';
import type { Logger } from '../log.js';
import { type StorageFault, StorageFaultError } from './storage-fault.js';

/** What can be tried, to learn whether anything can be kept. */
export interface Writable {
  /** Writes what is there already. @throws StorageError where that can't be done */
  tryWriting(): Promise<void>;
}

export interface StorageHealthOptions {
  readonly storage: Partial<Writable>;
  /**
   * Whether many write at once, each over a connection of its own: one that was lost says nothing
   * of the others, nor does what somebody met who only read. Default: what one of them meets the
   * next one would meet too.
   */
  readonly sideBySide?: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Faults that the next thing to be kept would meet too: it is not even tried for a while. */
const STOPPING: ReadonlySet<StorageFault> = new Set<StorageFault>(['full', 'failing', 'unwritable', 'missing']);

/**
 * For how long, in milliseconds; then one is tried, and the others wait as long at most to see how
 * it fares.
 */
const PAUSE = 1_000;

/** When it is worth coming again, in milliseconds. */
const RETRY_AFTER = 2_000;

/** Milliseconds between two lines of the log. */
const SAY_EVERY = 30_000;

/**
 * What of storage is wrong just now. Whatever is asked of storage goes through here: a fault of the
 * disk becomes a refusal that says when to come again, and is logged once in a while rather than
 * once a request. While nothing can be kept, that is tried once a second, so that it works again by
 * itself as soon as it can, and does not burden the disk and whoever reads.
 */
export class StorageHealth {
  readonly #options: StorageHealthOptions;
  #trouble: StorageFaultError | undefined;
  /** Whether that is held against whatever is to be kept. */
  #holdsUp = false;
  #damage: StorageFaultError | undefined;
  /** Something was busy since the last line of the log. */
  #busy: StorageFaultError | undefined;
  #isPaused = false;
  #cancelPause: () => void = () => undefined;
  #refused = 0;
  #hasMore = false;
  #cancelSilence: (() => void) | undefined;

  constructor(options: StorageHealthOptions) {
    this.#options = options;
  }

  /**
   * What hinders all work. It is over when something was kept again; that the database server was
   * away, when it answers.
   */
  get trouble(): StorageFaultError | undefined {
    return this.#trouble;
  }

  /** What hinders work on a part of what is kept, until the server starts anew. */
  get damage(): StorageFaultError | undefined {
    return this.#damage;
  }

  /**
   * @throws RefusedError `unavailable` for a fault of the place where everything is kept; whatever
   *   else `work` throws
   */
  async read<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      const value = await work();
      this.#answers();
      return value;
    } catch (fault) {
      throw this.#judged(fault, this.#options.sideBySide !== true);
    }
  }

  /**
   * Does work that keeps something, unless that is known not to succeed just now.
   *
   * @param proves whether the work, once done, has proved that things can be kept
   * @throws RefusedError `unavailable` for a fault of the place where everything is kept; whatever
   *   else `work` throws
   */
  async write<Value>(work: () => Promise<Value>, proves: () => boolean = () => false): Promise<Value> {
    if (this.#isPaused && this.#trouble) throw this.#refusal(this.#trouble);
    // One is tried for all of them. It may be long under way: then another is.
    if (this.#trouble && this.#holdsUp) this.#pause();
    try {
      const value = await work();
      this.#goOn();
      if (proves()) this.#works();
      else this.#answers();
      return value;
    } catch (fault) {
      this.#goOn();
      const isStopping = fault instanceof StorageFaultError && STOPPING.has(fault.fault);
      const judged = this.#judged(fault, isStopping || this.#options.sideBySide !== true);
      if (isStopping) this.#pause();
      throw judged;
    }
  }

  /** Tries whether things can be kept again, where they could not. */
  async recheck(): Promise<void> {
    const { storage } = this.#options;
    if (!this.#trouble) return;
    await this.write(
      async () => storage.tryWriting?.(),
      () => true,
    ).catch(() => undefined);
  }

  /** Says no more. Harmless when called again. */
  close(): void {
    this.#cancelPause();
    this.#cancelSilence?.();
  }

  /** @param holdsUp whether what is wrong is held against whatever is to be kept next */
  #judged(fault: unknown, holdsUp: boolean): unknown {
    if (!(fault instanceof StorageFaultError)) return fault;
    if (fault.fault === 'busy') {
      const refusal = this.#refusal(fault);
      this.#busy = fault;
      this.#say();
      return refusal;
    }
    const isNews = fault.fault !== (fault.fault === 'damaged' ? this.#damage : this.#trouble)?.fault;
    if (fault.fault === 'damaged') this.#damage = fault;
    else [this.#trouble, this.#holdsUp] = [fault, holdsUp];
    if (isNews) this.#say();
    return this.#refusal(fault);
  }

  #refusal(fault: StorageFaultError): RefusedError {
    this.#refused += 1;
    this.#hasMore = true;
    return new RefusedError('unavailable', { retryAfter: RETRY_AFTER, cause: fault });
  }

  #works(): void {
    if (!this.#trouble) return;
    this.#trouble = undefined;
    this.#say();
  }

  /** Something was answered, whatever that proves of writing. */
  #answers(): void {
    if (this.#trouble?.fault === 'away') this.#works();
  }

  #pause(): void {
    this.#goOn();
    this.#isPaused = true;
    this.#cancelPause = this.#options.clock.after(PAUSE, () => (this.#isPaused = false));
  }

  #goOn(): void {
    this.#isPaused = false;
    this.#cancelPause();
  }

  /** Logs how it stands, now or when the last line is old enough. */
  #say(): void {
    this.#hasMore = true;
    if (this.#cancelSilence) return;
    const { log, clock } = this.#options;
    const [fault, refused] = [this.#trouble ?? this.#busy ?? this.#damage, this.#refused];
    if (!fault) log.info({ refused }, 'storage works again');
    else if (fault === this.#busy) log.warn({ err: fault, refused }, 'storage is busy');
    else log.error({ err: fault, refused }, 'storage fails');
    this.#refused = 0;
    this.#busy = undefined;
    this.#hasMore = false;
    this.#cancelSilence = clock.after(SAY_EVERY, () => {
      this.#cancelSilence = undefined;
      if (this.#hasMore) this.#say();
    });
  }
}
