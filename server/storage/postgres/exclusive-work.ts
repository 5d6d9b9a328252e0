import { AsyncLocalStorage } from 'node:async_hooks';

import pg from 'pg';

import type { Clock } from '../../clock.js';
import { StorageClosedError } from '../../domain/storage.js';
import { StorageFaultError } from '../storage-fault.js';
import { connectionSettings, keepAlive, type Patience } from './connections.js';
import { explained } from './fault-of.js';

/**
 * The first key of the advisory locks of exclusive work. The second is a hash of the work's name.
 */
const EXCLUSIVE_WORK = 1_668_638_060;

/**
 * How often PostgreSQL is asked, in milliseconds: for the lock, and then whether the connection
 * still works.
 */
const ASK_EVERY = 1_000;

interface Turn {
  isLost: boolean;
  /**
   * The work has ended. Timers and listeners that it left behind are no part of it, and never
   * refused.
   */
  isOver: boolean;
}

export interface ExclusiveWorkOptions {
  readonly url: string;
  readonly patience: Patience;
  readonly clock: Clock;
}

/**
 * Work that one server at a time may do. While it runs, a connection of its own holds an advisory
 * lock. When that connection is lost, so is the lock, and further calls of storage by the work are
 * refused. When the network fails, this server notices within seconds (`Patience.answer`).
 * PostgreSQL, which then lets another server start, takes longer (`keepAlive`).
 */
export class ExclusiveWork {
  readonly #options: ExclusiveWorkOptions;
  readonly #turns = new AsyncLocalStorage<Turn>();
  /** Closes the connections of open work. */
  readonly #open = new Set<() => void>();
  #isClosed = false;

  constructor(options: ExclusiveWorkOptions) {
    this.#options = options;
  }

  /** See SharedStorage.exclusively. @throws StorageError, and whatever the work throws */
  async do<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const client = await this.#connect();
    const turn: Turn = { isLost: false, isOver: false };
    client.once('end', () => (turn.isLost = true));
    const end = () => void client.end().catch(() => undefined);
    this.#open.add(end);
    let stop: (() => void) | undefined;
    try {
      await this.#await(client, name);
      stop = this.#watch(client, turn);
      return await this.#turns.run(turn, work);
    } finally {
      turn.isOver = true;
      stop?.();
      this.#open.delete(end);
      end();
    }
  }

  /**
   * To be called before each use of storage.
   *
   * @throws StorageFaultError `away` where the caller is exclusive work that has lost its lock
   */
  check(): void {
    const turn = this.#turns.getStore();
    if (turn?.isLost && !turn.isOver) {
      throw new StorageFaultError('away', 'The database was lost, and with it the lock under which this was done.');
    }
  }

  /**
   * Rejects work that waits for a lock; running work goes on without storage. Harmless when called
   * again.
   */
  close(): void {
    this.#isClosed = true;
    for (const end of this.#open) end();
  }

  #closed(): boolean {
    return this.#isClosed;
  }

  async #connect(): Promise<pg.Client> {
    if (this.#closed()) throw new StorageClosedError();
    const { url, patience } = this.#options;
    const client = new pg.Client(connectionSettings(url, patience));
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(keepAlive);
      return client;
    } catch (fault) {
      await client.end().catch(() => undefined);
      throw explained(fault);
    }
  }

  async #await(client: pg.Client, name: string): Promise<void> {
    const { clock } = this.#options;
    const text = 'SELECT pg_try_advisory_lock($1, hashtext($2)) AS mine';
    for (;;) {
      if (this.#closed()) throw new StorageClosedError();
      try {
        const { rows } = await client.query<{ mine: boolean }>(text, [EXCLUSIVE_WORK, name]);
        if (rows[0]?.mine) return;
      } catch (fault) {
        throw this.#closed() ? new StorageClosedError({ cause: fault }) : explained(fault);
      }
      await new Promise<void>(resolve => {
        const cancel = clock.after(ASK_EVERY, done);
        function done() {
          client.off('end', done);
          cancel();
          resolve();
        }
        client.once('end', done);
      });
    }
  }

  /** Watches the connection while the work runs. @returns what ends the watch */
  #watch(client: pg.Client, turn: Turn): () => void {
    const { clock } = this.#options;
    let cancel: () => void = () => undefined;
    const ask = () => {
      if (turn.isOver) return;
      cancel = clock.after(ASK_EVERY, () => {
        client.query('SELECT').then(ask, () => (turn.isLost = true));
      });
    };
    ask();
    return () => cancel();
  }
}
