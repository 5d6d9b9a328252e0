import type { PoolClient, QueryConfig, QueryResult } from 'pg';

import { StorageError } from '../../domain/storage.js';
import { StorageFaultError } from '../storage-fault.js';
import { explained, faultOf } from './fault-of.js';
import { type Argument, type Statement, statement } from './statement.js';

const currentNumber = statement<[], { readonly number: string }>('SELECT pg_current_xact_id() AS number');

/**
 * How a transaction begins that sees the database as it is at its first statement, whoever writes
 * meanwhile.
 */
export const AT_ONE_MOMENT = 'BEGIN ISOLATION LEVEL REPEATABLE READ';
/** The same of one that changes nothing. */
export const READ_AT_ONE_MOMENT = `${AT_ONE_MOMENT} READ ONLY`;

/** Whether the transaction was kept is not known: the answer to its COMMIT did not come. */
export class AnswerLostError extends StorageFaultError {
  constructor(cause: unknown) {
    super('away', explained(cause).message, { cause });
  }
}

/**
 * A transaction on a connection of its own, from its first statement on. Statements are sent at
 * once, whether those before are answered or not, and are carried out in order; when one fails, so
 * do all that follow.
 */
export class Transaction {
  readonly #client: PoolClient;
  /** Why it can't be kept. */
  #fault: unknown;
  #isOver = false;

  /** @param client is given back when the transaction ends */
  constructor(client: PoolClient, begin: string) {
    this.#client = client;
    void this.#send({ text: begin }).catch(() => undefined);
  }

  /** @throws StorageError */
  run<Arguments extends readonly Argument[], Row extends object>(
    { name, text }: Statement<Arguments, Row>,
    ...values: Arguments
  ): Promise<readonly Row[]> {
    return this.#handled(this.#send<Row>({ name, text, values: [...values] }).then(({ rows }) => rows));
  }

  /** @returns how many rows were changed. @throws StorageError */
  change<Arguments extends readonly Argument[]>(
    { name, text }: Statement<Arguments, never>,
    ...values: Arguments
  ): Promise<number> {
    return this.#handled(this.#send({ name, text, values: [...values] }).then(({ rowCount }) => rowCount ?? 0));
  }

  /** Its number, which every row bears that it writes. @throws StorageError */
  async number(): Promise<string> {
    const [row] = await this.run(currentNumber);
    if (!row) throw new StorageError('The database gave a transaction no number.');
    return row.number;
  }

  /** @throws StorageError where nothing was kept, AnswerLostError where that is not known */
  async commit(): Promise<void> {
    const command = await this.#end('COMMIT');
    // The first fault says why.
    if (this.#fault !== undefined) throw explained(this.#fault);
    // A COMMIT after a statement that failed is answered by ROLLBACK, and PostgreSQL does not call
    // that an error.
    if (command !== 'COMMIT') throw new StorageError('The database took a transaction back.');
  }

  /** Takes everything back. Harmless where it has ended. */
  async rollback(): Promise<void> {
    if (!this.#isOver) await this.#end('ROLLBACK').catch(() => undefined);
  }

  /** @returns what the database says that it did */
  async #end(text: 'COMMIT' | 'ROLLBACK'): Promise<string> {
    this.#isOver = true;
    try {
      const { command } = await this.#send({ text });
      this.#client.release();
      return command;
    } catch (fault) {
      // The connection is of no further use to anybody.
      this.#client.release(true);
      throw faultOf(fault) === 'away' ? new AnswerLostError(this.#fault ?? fault) : explained(fault);
    }
  }

  async #send<Row extends object>(query: QueryConfig): Promise<QueryResult<Row>> {
    try {
      return await this.#client.query<Row>(query);
    } catch (fault) {
      this.#fault ??= fault;
      // A later statement fails because of the first one that did, and its own fault says no more
      // than that.
      throw explained(this.#fault);
    }
  }

  /**
   * Marks a rejection as handled: a caller that does not await the answer learns of a fault by the
   * COMMIT.
   */
  #handled<Value>(answer: Promise<Value>): Promise<Value> {
    answer.catch(() => undefined);
    return answer;
  }
}
