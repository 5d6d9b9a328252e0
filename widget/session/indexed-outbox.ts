/** The outbox that outlives a page. Loaded beside the first connection, and never waited for by anyone who writes or draws. */
import { randomId } from '../../protocol/names.js';
import { OutboxDatabase } from './outbox-database.js';
import type { KeptCommand, OutboxPlace, OutboxShelf, OutboxShelfListener, OutboxStore } from './outbox-store.js';
import { PageLock } from './page-lock.js';

/** The outboxes of this page's origin, by the page's own clock. */
export function indexedOutbox(): OutboxStore {
  return {
    async open(place, listener) {
      const shelf = new IndexedShelf(place, listener);
      await shelf.begin();
      return shelf;
    },
  };
}

/** Commands to one transaction. */
const BATCH = 500;

/**
 * What is given is written behind the back of whoever gives it, many at a time while the disk is busy. Where the browser refuses
 * (no room, private browsing, site data deleted underneath) it stays in memory, and the page says so to those who are about to
 * leave it.
 */
class IndexedShelf implements OutboxShelf {
  left: readonly KeptCommand[] = [];
  readonly #place: string;
  readonly #listener: OutboxShelfListener;
  readonly #database = new OutboxDatabase(() => Date.now());
  readonly #lock = new PageLock(randomId(12));
  /** What lies here, or is to. */
  readonly #ours = new Set<string>();
  /** What is to be written: a command to keep, or undefined for one to forget. */
  #unwritten = new Map<string, KeptCommand | undefined>();
  #writing: Promise<void> | undefined;
  #lasting = true;
  #closed = false;

  constructor({ server, site, room, person }: OutboxPlace, listener: OutboxShelfListener) {
    this.#place = JSON.stringify([server, site, room, person]);
    this.#listener = listener;
  }

  get lasting(): boolean {
    return this.#lasting;
  }

  async begin(): Promise<void> {
    this.left = await this.#takeOver();
  }

  keep(command: KeptCommand): void {
    this.#ours.add(command.id);
    this.#unwritten.set(command.id, command);
    // What could not be kept is not tried again with each stroke.
    if (this.#lasting) this.#write();
    else this.#warn(true);
  }

  drop(id: string): void {
    if (!this.#ours.delete(id)) return;
    this.#unwritten.set(id, undefined);
    this.#write();
  }

  look(): void {
    void this.#takeOver().then(left => left.length > 0 && !this.#closed && this.#listener.found(left));
    this.#write();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#warn(false);
    void Promise.resolve(this.#writing).then(() => {
      this.#database.close();
      this.#lock.end();
    });
  }

  /** Takes over what pages left that are gone. */
  async #takeOver(): Promise<readonly KeptCommand[]> {
    try {
      const commands = await this.#database.commands(this.#place);
      const { page: own } = this.#lock;
      const pages = new Set(commands.map(({ page }) => page).filter(page => page !== own));
      if (pages.size === 0) return [];
      await this.#lock.hold();
      const taken = new Map<string, KeptCommand>();
      for (const page of pages) {
        const hand = () => this.#database.hand(this.#place, page, own);
        for (const one of (await this.#lock.inherit(page, hand, () => this.look())) ?? []) taken.set(one.id, one);
      }
      for (const id of taken.keys()) this.#ours.add(id);
      this.#rest();
      return commands.flatMap(({ id }) => taken.get(id) ?? []);
    } catch {
      this.#turn(false);
      return [];
    }
  }

  #write(): void {
    // In the next turn: what is given in one turn is written at once.
    this.#writing ??= Promise.resolve().then(() => this.#writeAll());
  }

  async #writeAll(): Promise<void> {
    let lasting = true;
    while (lasting && this.#unwritten.size > 0) {
      const batch = [...this.#unwritten].slice(0, BATCH);
      for (const [id] of batch) this.#unwritten.delete(id);
      lasting = await this.#writeBatch(batch);
      // In front of what came meanwhile, which knows better.
      if (!lasting) this.#unwritten = new Map([...batch, ...this.#unwritten]);
    }
    this.#writing = undefined;
    this.#turn(lasting);
    this.#rest();
  }

  async #writeBatch(batch: readonly (readonly [id: string, command: KeptCommand | undefined])[]): Promise<boolean> {
    const kept = batch.flatMap(([, command]) => command ?? []);
    const dropped = batch.flatMap(([id, command]) => (command ? [] : id));
    try {
      if (kept.length > 0) await this.#lock.hold();
      await this.#database.write(this.#place, this.#lock.page, kept, dropped);
      return true;
    } catch {
      return false;
    }
  }

  #turn(lasting: boolean): void {
    if (this.#closed) return;
    this.#warn(!lasting && this.#ours.size > 0);
    if (lasting === this.#lasting) return;
    this.#lasting = lasting;
    this.#listener.changed();
  }

  /** A page with nothing to look after need not be known to live. */
  #rest(): void {
    if (this.#ours.size === 0) this.#lock.release();
  }

  /** Whether the browser asks those who leave the page. */
  #warn(is: boolean): void {
    if (is) addEventListener('beforeunload', this.#ask);
    else removeEventListener('beforeunload', this.#ask);
  }

  readonly #ask = (event: BeforeUnloadEvent): void => event.preventDefault();
}
