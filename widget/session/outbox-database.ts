/** The outboxes of a page's origin, in IndexedDB: all persons', rooms', sites' and servers'. */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from 'idb';
import { COMMAND_ID } from '../../protocol/names.js';
import { type AnyBody, commandModule } from '../../protocol/timeline/commands/index.js';
import type { KeptCommand } from './outbox-store.js';

/** A command as it is stored; one of another version of the script may be of any type. */
interface Stored extends Omit<KeptCommand, 'body'> {
  readonly body: AnyBody;
  /** Whose it is: see OutboxPlace. */
  readonly place: string;
  /** The page that looks after it. */
  readonly page: string;
  /** Its place among all commands here. */
  readonly order: number;
  /** Characters of its body. */
  readonly weight: number;
}

interface Ledger {
  /** The order of the next command. */
  readonly next: number;
  /** The weight of all commands here. */
  readonly weight: number;
}

interface Schema extends DBSchema {
  commands: { key: string; value: Stored; indexes: { place: string } };
  ledger: { key: number; value: Ledger };
}

/** The form of the database. 2: what is drawn is a shape, whose properties lie in groups. */
const VERSION = 2;
/**
 * What all outboxes of an origin may weigh together, in characters; what no longer fits is kept
 * nowhere.
 */
const MOST_CHARACTERS = 32_000_000;
/**
 * What of the oldest of other people may go to make room, by its age in milliseconds: it would
 * never be sent.
 */
const FORGOTTEN = 30 * 24 * 60 * 60_000;
/** The ledger's one row. */
const ROW = 1;

/**
 * Every method rejects where the browser refuses, and leaves things as they were; the next call
 * tries anew.
 */
export class OutboxDatabase {
  readonly #now: () => number;
  #database: Promise<IDBPDatabase<Schema>> | undefined;
  #closed = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * The commands of a place, in order, and the page that looks after each. What this script does
   * not know is left alone.
   */
  async commands(place: string): Promise<readonly (Stored & KeptCommand)[]> {
    const stored = await (await this.#open()).getAllFromIndex('commands', 'place', place);
    return stored.filter(isKnown).sort((one, other) => one.order - other.order);
  }

  /**
   * Keeps and forgets; what is kept already stays in its place. Forgetting goes first, and alone
   * where the rest does not fit.
   */
  async write(place: string, page: string, kept: readonly KeptCommand[], dropped: readonly string[]): Promise<void> {
    const database = await this.#open();
    await this.#forget(database, dropped);
    await this.#keep(database, place, page, kept);
  }

  /** Transfers what one page looked after in a place to another, and returns it. */
  async transfer(place: string, from: string, to: string): Promise<readonly KeptCommand[]> {
    const transaction = (await this.#open()).transaction('commands', 'readwrite');
    const stored = await transaction.store.index('place').getAll(place);
    const transferred = stored.filter(isKnown).filter(({ page }) => page === from);
    await finish(transaction, ...transferred.map(command => transaction.store.put({ ...command, page: to })));
    return transferred.sort((one, other) => one.order - other.order).map(plain);
  }

  close(): void {
    this.#closed = true;
    void this.#database?.then(
      database => database.close(),
      () => undefined,
    );
    this.#database = undefined;
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    if (this.#closed) return Promise.reject(new Error('The outbox is closed.'));
    return (this.#database ??= this.#connect());
  }

  async #connect(): Promise<IDBPDatabase<Schema>> {
    const gone = (): void => {
      this.#database = undefined;
    };
    try {
      return await openDB<Schema>('chalk-talk', VERSION, {
        upgrade(database, before, _, transaction) {
          if (before === 0) {
            database.createObjectStore('commands', { keyPath: 'id' }).createIndex('place', 'place');
            database.createObjectStore('ledger');
          }
          // Where this fails the transaction does, and with it the opening.
          else groupProperties(transaction).catch(() => undefined);
        },
        // A newer script in another page needs another form of it: this one goes on without.
        blocking(_, __, { target }) {
          gone();
          if (target instanceof IDBDatabase) target.close();
        },
        terminated: gone,
      });
    } catch (error) {
      gone();
      throw error;
    }
  }

  async #forget(database: IDBPDatabase<Schema>, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const transaction = database.transaction(['commands', 'ledger'], 'readwrite');
    const [commands, ledger] = [transaction.objectStore('commands'), transaction.objectStore('ledger')];
    const { next, weight } = (await ledger.get(ROW)) ?? EMPTY;
    const gone = (await Promise.all(ids.map(id => commands.get(id)))).filter(one => one !== undefined);
    await finish(
      transaction,
      ...gone.map(({ id }) => commands.delete(id)),
      ledger.put({ next, weight: weight - sum(gone) }, ROW),
    );
  }

  async #keep(
    database: IDBPDatabase<Schema>,
    place: string,
    page: string,
    kept: readonly KeptCommand[],
  ): Promise<void> {
    if (kept.length === 0) return;
    const transaction = database.transaction(['commands', 'ledger'], 'readwrite');
    const [commands, ledger] = [transaction.objectStore('commands'), transaction.objectStore('ledger')];
    let { next, weight } = (await ledger.get(ROW)) ?? EMPTY;
    const before = await Promise.all(kept.map(({ id }) => commands.get(id)));
    const stored = kept.map((command, index): Stored => {
      const order = before[index]?.order ?? (next += 1);
      return { ...plain(command), place, page, order, weight: JSON.stringify(command.body).length };
    });
    weight += sum(stored) - sum(before.filter(one => one !== undefined));
    if (weight > MOST_CHARACTERS) {
      const old = (await commands.getAll()).filter(
        one => one.place !== place && one.createdAt < this.#now() - FORGOTTEN,
      );
      weight -= sum(old);
      if (weight > MOST_CHARACTERS) {
        transaction.abort();
        await finish(transaction);
      }
      await Promise.all(old.map(({ id }) => commands.delete(id)));
    }
    await finish(transaction, ...stored.map(command => commands.put(command)), ledger.put({ next, weight }, ROW));
  }
}

const EMPTY: Ledger = { next: 0, weight: 0 };

/**
 * Waits for all requests and the transaction itself: one that fails takes the others along, and
 * each says so.
 */
async function finish(transaction: { readonly done: Promise<void> }, ...requests: Promise<unknown>[]): Promise<void> {
  await Promise.all([...requests, transaction.done]);
}

function sum(stored: readonly Stored[]): number {
  return stored.reduce((total, { weight }) => total + weight, 0);
}

/** What is said of a command outside. */
function plain({ id, body, createdAt, refusal }: KeptCommand): KeptCommand {
  return { id, body, createdAt, ...(refusal && { refusal }) };
}

function isKnown(stored: Stored): stored is Stored & KeptCommand {
  const { id, body, createdAt } = stored;
  return COMMAND_ID.test(id) && Number.isFinite(createdAt) && commandModule(body.type) !== undefined;
}

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/**
 * To version 2: a stroke said what it is without groups. Its weight stays what it was counted as.
 */
async function groupProperties(transaction: Upgrade): Promise<void> {
  const commands = transaction.objectStore('commands');
  for (const stored of await commands.getAll()) {
    const { body } = stored;
    if (!('stroke' in body) || typeof body.stroke !== 'object' || body.stroke === null) continue;
    const { id, kind, color, width, ...content }: Partial<Record<string, unknown>> = { ...body.stroke };
    const drawn = { type: body.type, shape: { id, kind, look: { color, width }, content } };
    await commands.put({ ...stored, body: drawn });
  }
}
