import type { Clock } from '../../clock.js';
import { type Append, type OpenedRoom, StorageError, type TurnRequest } from '../../domain/storage.js';
import { type StorageFault, StorageFaultError } from '../storage-fault.js';
import type { Connections } from './connections.js';
import { fateOf } from './fate-of-turn.js';
import { isConflict } from './fault-of.js';
import { AnswerLostError, type Transaction } from './transaction.js';
import { TurnCommitter } from './turn-committer.js';
import { type OpenedRooms, openRooms } from './turn-opener.js';

/** How often the opening of a turn is tried: nothing is decided before it succeeds. */
const TRIES = 5;
/**
 * Faults after which the opening is tried once more. `away` may come of one connection that was
 * lost while it lay idle in the pool: another one is good. `busy` may come of a server that hangs
 * while it holds a room: PostgreSQL ends that server's transaction (`Patience.idle`) before the
 * second wait is over.
 */
const PASSING: ReadonlySet<StorageFault> = new Set<StorageFault>(['away', 'busy']);
/** How often it is asked what has become of a turn, and for how long, in milliseconds. */
const LOOK_EVERY = 250;
const LOOK_FOR = 20_000;

export interface TurnsOptions {
  readonly connections: Connections;
  /** What epochs are derived from; see epochOf. */
  readonly seed: Uint8Array;
  readonly clock: Clock;
}

interface OpenedTurn extends OpenedRooms {
  readonly transaction: Transaction;
  readonly number: string;
}

/**
 * Turns, each a transaction on a connection of its own. Several may be under way at once; those of
 * one room come one after the other.
 */
export class Turns {
  readonly #options: TurnsOptions;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** See RoomStorage.turn. @returns what was kept */
  async take(
    requests: readonly TurnRequest[],
    decide: (opened: readonly OpenedRoom[]) => readonly Append[],
  ): Promise<readonly Append[]> {
    const { transaction, number, held, opened } = await this.#open(requests);
    let appends: readonly Append[] = [];
    try {
      appends = decide(opened);
      if (appends.length > 0 || [...held.values()].some(({ isRenewed }) => isRenewed)) {
        await new TurnCommitter(transaction, held, this.#options.clock.now()).commit(appends);
      }
    } catch (fault) {
      if (!(fault instanceof AnswerLostError) || !(await this.#wasKept(number, appends))) throw fault;
    } finally {
      await transaction.rollback();
    }
    return appends;
  }

  async #open(requests: readonly TurnRequest[]): Promise<OpenedTurn> {
    const { connections, seed } = this.#options;
    for (let tries = 1; ; tries += 1) {
      const transaction = await connections.begin();
      try {
        const [rooms, number] = await Promise.all([openRooms(transaction, seed, requests), transaction.number()]);
        if (rooms) return { ...rooms, transaction, number };
        await transaction.rollback();
      } catch (fault) {
        await transaction.rollback();
        if (tries === TRIES || !isWorthAnotherTry(fault, tries)) throw fault;
      }
    }
  }

  /** @throws AnswerLostError where that could not be learned */
  async #wasKept(number: string, appends: readonly Append[]): Promise<boolean> {
    const { connections, clock } = this.#options;
    const started = clock.now();
    for (;;) {
      const isLast = clock.now() - started > LOOK_FOR;
      try {
        const fate = await fateOf(connections, number, appends);
        if (fate !== 'open' || isLast) return fate === 'kept';
      } catch (fault) {
        if (!(fault instanceof StorageFaultError) || isLast) throw new AnswerLostError(fault);
      }
      await new Promise<void>(resolve => clock.after(LOOK_EVERY, resolve));
    }
  }
}

function isWorthAnotherTry(fault: unknown, tries: number): boolean {
  if (!(fault instanceof StorageError)) return false;
  return isConflict(fault) || (tries === 1 && fault instanceof StorageFaultError && PASSING.has(fault.fault));
}
