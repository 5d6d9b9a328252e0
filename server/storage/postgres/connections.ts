import pg from 'pg';

import { explained } from './fault-of.js';
import type { Argument, Statement } from './statement.js';
import { Transaction } from './transaction.js';

/** Milliseconds. */
export interface Patience {
  /** For a connection to be made, or to be free. */
  readonly connect: number;
  /**
   * For a row that another transaction holds. A turn waits so long twice, which together is longer
   * than `idle`.
   */
  readonly lock: number;
  /** For one statement. */
  readonly statement: number;
  /**
   * For the next statement of a transaction, before PostgreSQL ends it: the rooms of a server that
   * hangs are free again.
   */
  readonly idle: number;
  /** For the answer to a statement, before the connection counts as lost. */
  readonly answer: number;
}

export const PATIENCE: Patience = { connect: 3_000, lock: 3_000, statement: 5_000, idle: 5_000, answer: 6_000 };

/** The driver hands over numbers of 8 bytes as text. All that are ever kept are safe integers. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** How every connection is made. @param url may hold a password, which no error repeats */
export function connectionSettings(url: string, { connect, answer }: Patience): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'chalk-talk',
    connectionTimeoutMillis: connect,
    query_timeout: answer,
    keepAlive: true,
    // Statements go out without waiting for the answer to the one before.
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

/** The connections of one storage, made when they are needed and bounded in number. */
export class Connections {
  readonly #pool: pg.Pool;

  constructor({ url, size, patience }: ConnectionsOptions) {
    const bounds = { ...PATIENCE, ...patience };
    this.#pool = new pg.Pool({
      ...connectionSettings(url, bounds),
      max: size,
      idleTimeoutMillis: 60_000,
    });
    // A connection that is lost while it is idle is replaced when one is needed. Who uses one that
    // is lost hears so by the answer.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', client => {
      client.on('error', () => undefined);
      // Goes out before every statement. A connection that refuses it is ended.
      client.query(settings(bounds)).catch(() => void client.end().catch(() => undefined));
    });
  }

  /** Does one statement, which is a transaction of its own. @throws StorageError */
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

  /** The same, of a statement that changes rows. @returns how many. @throws StorageError */
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
   * Does work in a transaction that is kept when it ends well.
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

  /** Ends all of them, when they are free. */
  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/**
 * In seconds, but for the last one: within half a minute PostgreSQL notices that a server is gone
 * which did not close its connection.
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
