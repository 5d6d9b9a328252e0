import pg from 'pg';

import { explained } from './fault-of.js';
import type { Argument, Statement } from './statement.js';
import { Transaction } from './transaction.js';

/** Milliseconds. */
export interface Patience {
  /** To open a connection, or to wait for a free one. */
  readonly connect: number;
  /**
   * For a lock that another transaction holds. A turn waits twice, which together is longer than
   * `idle`.
   */
  readonly lock: number;
  /** For one statement. */
  readonly statement: number;
  /**
   * Between two statements of a transaction, before PostgreSQL ends it: this frees the rooms of a
   * server that hangs.
   */
  readonly idle: number;
  /** For the answer to a statement, before the connection counts as lost. */
  readonly answer: number;
}

export const PATIENCE: Patience = { connect: 3_000, lock: 3_000, statement: 5_000, idle: 5_000, answer: 6_000 };

/** The driver returns bigint as text. All that we store are safe integers. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** The settings of every connection. @param url may hold a password, which no error repeats */
export function connectionSettings(url: string, { connect, answer }: Patience): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'chalk-talk',
    connectionTimeoutMillis: connect,
    query_timeout: answer,
    keepAlive: true,
    // Statements are sent without waiting for the answer to the one before.
    pipeline: true,
    types,
  };
}

export interface ConnectionsOptions {
  readonly url: string;
  /** Connections at most. */
  readonly size: number;
  readonly patience?: Partial<Patience>;
}

/** A bounded pool of connections, opened on demand. */
export class Connections {
  readonly #pool: pg.Pool;

  constructor({ url, size, patience }: ConnectionsOptions) {
    const bounds = { ...PATIENCE, ...patience };
    this.#pool = new pg.Pool({
      ...connectionSettings(url, bounds),
      max: size,
      idleTimeoutMillis: 60_000,
    });
    // A connection lost while idle is replaced on demand. The user of a lost one learns of it by
    // the answer.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', client => {
      client.on('error', () => undefined);
      // Sent before any statement. A connection that refuses it is closed.
      client.query(settings(bounds)).catch(() => void client.end().catch(() => undefined));
    });
  }

  /** Runs one statement, as a transaction of its own. @throws StorageError */
  async run<Arguments extends readonly Argument[], Row extends object>(
    { name, text }: Statement<Arguments, Row>,
    ...values: Arguments
  ): Promise<readonly Row[]> {
    try {
      return (await this.#pool.query<Row>({ name, text, values: [...values] })).rows;
    } catch (fault) {
      throw explained(fault);
    }
  }

  /** The same for a statement that changes rows. @returns how many. @throws StorageError */
  async change<Arguments extends readonly Argument[]>(
    { name, text }: Statement<Arguments, never>,
    ...values: Arguments
  ): Promise<number> {
    try {
      return (await this.#pool.query({ name, text, values: [...values] })).rowCount ?? 0;
    } catch (fault) {
      throw explained(fault);
    }
  }

  /**
   * Begins a transaction; the caller ends it.
   *
   * @param begin how
   * @throws StorageError where there is no connection
   */
  async begin(begin = 'BEGIN'): Promise<Transaction> {
    try {
      return new Transaction(await this.#pool.connect(), begin);
    } catch (fault) {
      throw explained(fault);
    }
  }

  /**
   * Does work in a transaction, which is committed unless the work throws.
   *
   * @throws StorageError, and whatever the work throws
   */
  async transaction<Value>(work: (transaction: Transaction) => Promise<Value>, begin?: string): Promise<Value> {
    const transaction = await this.begin(begin);
    let value: Value;
    try {
      value = await work(transaction);
    } catch (fault) {
      await transaction.rollback();
      throw fault;
    }
    await transaction.commit();
    return value;
  }

  /** Closes all of them, when they are free. */
  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/**
 * In seconds, except the last: PostgreSQL notices within half a minute that a server has vanished.
 */
export const keepAlive =
  'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 25000';

/**
 * What PostgreSQL is told on each connection:
 * - Statements are planned once (`plan_cache_mode`) and never compiled (`jit`): both cost more than
 *   they save.
 * - Rows are found by an index (`enable_…`), however few there were when the statement was planned.
 * - READ COMMITTED, even where the database's default differs: after the wait for a row it must be
 *   seen as it is then.
 * - A COMMIT waits for the disk (`synchronous_commit`), even where the database's default differs:
 *   what is acknowledged is kept.
 */
function settings({ lock, statement, idle }: Patience): string {
  return `SET lock_timeout = ${lock}; SET statement_timeout = ${statement}; SET idle_in_transaction_session_timeout = ${idle};
    SET plan_cache_mode = force_generic_plan; SET jit = off;
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
    SET default_transaction_isolation = 'read committed';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'; ${keepAlive}`;
}
