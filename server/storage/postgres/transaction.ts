import type { PoolClient, QueryConfig, QueryResult } from 'pg';

import { StorageError } from '../../domain/storage.js';
import { StorageFaultError } from '../storage-fault.js';
import { explained, faultOf } from './fault-of.js';
import { type Argument, type Statement, statement } from './statement.js';

const currentNumber = statement<[], { readonly number: string }>('SELECT pg_current_xact_id() AS number');

/** Begins a transaction on a snapshot of the database, taken at its first statement. */
export const AT_ONE_MOMENT = 'BEGIN ISOLATION LEVEL REPEATABLE READ';
/** The same, read only. */
export const READ_AT_ONE_MOMENT = `${AT_ONE_MOMENT} READ ONLY`;

/** It is unknown whether the transaction was committed: the answer to COMMIT was lost. */
export class AnswerLostError extends StorageFaultError {
  constructor(cause: unknown) {
    super('away', explained(cause).message, { cause });
  }
}

/**
 * A transaction on a connection of its own. Statements are pipelined: sent without waiting for
 * earlier answers, and executed in order. When one fails, so do all that follow.
 */
export class Transaction {
  readonly #client: PoolClient;
  /** Why it can't be committed. */
  #fault: unknown;
  #isOver = false;

  /** @param client is released when the transaction ends */
  constructor(client: PoolClient, begin: string) {
    this.#client = client;
    void this.#send({ text: begin }).catch(() => undefined);
  }

  /** @throws StorageError */
  run<Arguments extends readonly Argument[], Row extends object>(
    { name, text }: Statement<Arguments, Row>,
    ...values: Arguments
  ): Promise<readonly Row[]> {
    return this.#heard(this.#send<Row>({ name, text, values: [...values] }).then(({ rows }) => rows));
  }

  /** @returns how many rows were changed. @throws StorageError */
  change<Arguments extends readonly Argument[]>(
    { name, text }: Statement<Arguments, never>,
    ...values: Arguments
  ): Promise<number> {
    return this.#heard(this.#send({ name, text, values: [...values] }).then(({ rowCount }) => rowCount ?? 0));
  }

  /** Its id (xid), which every row that it writes carries. @throws StorageError */
  async number(): Promise<string> {
    const [row] = await this.run(currentNumber);
    if (!row) throw new StorageError('The database gave a transaction no number.');
    return row.number;
  }

  /** @throws StorageError where nothing was committed, AnswerLostError where that is unknown */
  async commit(): Promise<void> {
    const command = await this.#end('COMMIT');
    // The first fault says why.
    if (this.#fault !== undefined) throw explained(this.#fault);
    // A COMMIT after a statement that failed is answered by ROLLBACK, and PostgreSQL does not call
    // that an error.
    if (command !== 'COMMIT') throw new StorageError('The database took a transaction back.');
  }

  /** Rolls back. Harmless where it has ended. */
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
      // The connection can't be used any more.
      this.#client.release(true);
      throw faultOf(fault) === 'away' ? new AnswerLostError(this.#fault ?? fault) : explained(fault);
    }
  }

  async #send<Row extends object>(query: QueryConfig): Promise<QueryResult<Row>> {
    try {
      return await this.#client.query<Row>(query);
    } catch (fault) {
      this.#fault ??= fault;
      // Later statements fail because the first one did, and their errors say no more than that.
      throw explained(this.#fault);
    }
  }

  /** Answers need not be awaited: COMMIT reports an earlier failure. */
  #heard<Value>(answer: Promise<Value>): Promise<Value> {
    answer.catch(() => undefined);
    return answer;
  }
}
