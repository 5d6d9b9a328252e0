import { RefusedError } from '../../protocol/errors.js';
import type { Clock } from '../clock.js';
import type { Logger } from '../log.js';
import { type StorageFault, StorageFaultError } from './storage-fault.js';

/** A storage that can be probed for whether it can write. */
export interface Writable {
  /** Rewrites an existing value. @throws StorageError where that fails */
  tryWriting(): Promise<void>;
}

export interface StorageHealthOptions {
  readonly storage: Partial<Writable>;
  /**
   * Whether writes run side by side, each over a connection of its own: a lost connection, or a
   * fault of a read, then says nothing of other writes. Default: what one meets the next would meet
   * too.
   */
  readonly sideBySide?: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Faults that any further write would meet too: writes are refused for a while without trying. */
const STOPPING: ReadonlySet<StorageFault> = new Set<StorageFault>(['full', 'failing', 'unwritable', 'missing']);

/**
 * For how long, in milliseconds. Then one write is tried, while others are refused as long again at
 * most.
 */
const PAUSE = 1_000;

/** When it is worth trying again, in milliseconds. */
const RETRY_AFTER = 2_000;

/** Milliseconds between two lines of the log. */
const LOG_EVERY = 30_000;

/**
 * Circuit breaker of storage, through which all calls go. A fault of the disk becomes a refusal
 * that says when to try again, and is logged at intervals and not once a request. While nothing can
 * be written, one write a second is tried: so it recovers by itself, without loading the disk.
 */
export class StorageHealth {
  readonly #options: StorageHealthOptions;
  #trouble: StorageFaultError | undefined;
  /** Whether the trouble blocks writes. */
  #blocksWrites = false;
  #damage: StorageFaultError | undefined;
  /** A `busy` fault since the last line of the log. */
  #busy: StorageFaultError | undefined;
  #isPaused = false;
  #cancelPause: () => void = () => undefined;
  #refused = 0;
  #hasMore = false;
  #cancelLogPause: (() => void) | undefined;

  constructor(options: StorageHealthOptions) {
    this.#options = options;
  }

  /**
   * A fault that hinders all work. It is over when a write succeeds; `away` also when the database
   * answers.
   */
  get trouble(): StorageFaultError | undefined {
    return this.#trouble;
  }

  /** A fault of a part of the database, until the server is restarted. */
  get damage(): StorageFaultError | undefined {
    return this.#damage;
  }

  /** @throws RefusedError `unavailable` for a fault of storage; whatever else `work` throws */
  async read<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      const value = await work();
      this.#answered();
      return value;
    } catch (fault) {
      throw this.#refusalFor(fault, this.#options.sideBySide !== true);
    }
  }

  /**
   * Does a write, unless writes are known to fail just now.
   *
   * @param proves whether the work, once done, has proved that writes succeed
   * @throws RefusedError `unavailable` for a fault of storage; whatever else `work` throws
   */
  async write<Value>(work: () => Promise<Value>, proves: () => boolean = () => false): Promise<Value> {
    if (this.#isPaused && this.#trouble) throw this.#newRefusal(this.#trouble);
    // One write is tried for all of them. If it takes longer than the pause, another one is.
    if (this.#trouble && this.#blocksWrites) this.#pause();
    try {
      const value = await work();
      this.#resume();
      if (proves()) this.#recovered();
      else this.#answered();
      return value;
    } catch (fault) {
      this.#resume();
      const isStopping = fault instanceof StorageFaultError && STOPPING.has(fault.fault);
      const refusal = this.#refusalFor(fault, isStopping || this.#options.sideBySide !== true);
      if (isStopping) this.#pause();
      throw refusal;
    }
  }

  /** Tries whether writes succeed again, where they did not. */
  async recheck(): Promise<void> {
    const { storage } = this.#options;
    if (!this.#trouble) return;
    await this.write(
      async () => storage.tryWriting?.(),
      () => true,
    ).catch(() => undefined);
  }

  /** Logs nothing more. Harmless when called again. */
  close(): void {
    this.#cancelPause();
    this.#cancelLogPause?.();
  }

  /** @param blocksWrites whether the fault blocks further writes */
  #refusalFor(fault: unknown, blocksWrites: boolean): unknown {
    if (!(fault instanceof StorageFaultError)) return fault;
    if (fault.fault === 'busy') {
      const refusal = this.#newRefusal(fault);
      this.#busy = fault;
      this.#report();
      return refusal;
    }
    const isNews = fault.fault !== (fault.fault === 'damaged' ? this.#damage : this.#trouble)?.fault;
    if (fault.fault === 'damaged') this.#damage = fault;
    else [this.#trouble, this.#blocksWrites] = [fault, blocksWrites];
    if (isNews) this.#report();
    return this.#newRefusal(fault);
  }

  #newRefusal(fault: StorageFaultError): RefusedError {
    this.#refused += 1;
    this.#hasMore = true;
    return new RefusedError('unavailable', { retryAfter: RETRY_AFTER, cause: fault });
  }

  #recovered(): void {
    if (!this.#trouble) return;
    this.#trouble = undefined;
    this.#report();
  }

  /** Storage has answered, whether or not that proves that it can write. */
  #answered(): void {
    if (this.#trouble?.fault === 'away') this.#recovered();
  }

  #pause(): void {
    this.#resume();
    this.#isPaused = true;
    this.#cancelPause = this.#options.clock.after(PAUSE, () => (this.#isPaused = false));
  }

  #resume(): void {
    this.#isPaused = false;
    this.#cancelPause();
  }

  /** Logs the present state, now or when the last line is old enough. */
  #report(): void {
    this.#hasMore = true;
    if (this.#cancelLogPause) return;
    const { log, clock } = this.#options;
    const [fault, refused] = [this.#trouble ?? this.#busy ?? this.#damage, this.#refused];
    if (!fault) log.info({ refused }, 'storage works again');
    else if (fault === this.#busy) log.warn({ err: fault, refused }, 'storage is busy');
    else log.error({ err: fault, refused }, 'storage fails');
    this.#refused = 0;
    this.#busy = undefined;
    this.#hasMore = false;
    this.#cancelLogPause = clock.after(LOG_EVERY, () => {
      this.#cancelLogPause = undefined;
      if (this.#hasMore) this.#report();
    });
  }
}
