/**
 * The outbox that outlives a page. Loaded beside the first connection; nobody who writes or draws
 * waits for it.
 */
import { randomId } from '../../protocol/names.js';
import { OutboxDatabase } from './outbox-database.js';
import type { KeptCommand, KeptOutbox, KeptOutboxListener, OutboxPlace, OutboxStore } from './outbox-store.js';
import { PageLock } from './page-lock.js';

/** The outboxes of this page's origin, by the page's own clock. */
export function indexedOutbox(): OutboxStore {
  return {
    async open(place, listener) {
      const outbox = new IndexedOutbox(place, listener);
      await outbox.load();
      return outbox;
    },
  };
}

/** Commands to one transaction. */
const BATCH = 500;

/**
 * Writes in the background, many commands at a time while the disk is busy. Where the browser
 * refuses (no room, private browsing, site data deleted underneath) they stay in memory, and the
 * browser asks those who are about to leave the page.
 */
class IndexedOutbox implements KeptOutbox {
  loaded: readonly KeptCommand[] = [];
  readonly #place: string;
  readonly #listener: KeptOutboxListener;
  readonly #database = new OutboxDatabase(() => Date.now());
  readonly #lock = new PageLock(randomId(12));
  /** What is stored by this page, or is to be. */
  readonly #ours = new Set<string>();
  /** What is to be written: a command to store, or undefined for one to delete. */
  #unwritten = new Map<string, KeptCommand | undefined>();
  #writing: Promise<void> | undefined;
  #lasting = true;
  #closed = false;

  constructor({ server, site, room, person }: OutboxPlace, listener: KeptOutboxListener) {
    this.#place = JSON.stringify([server, site, room, person]);
    this.#listener = listener;
  }

  get lasting(): boolean {
    return this.#lasting;
  }

  async load(): Promise<void> {
    this.loaded = await this.#inherit();
  }

  put(command: KeptCommand): void {
    this.#ours.add(command.id);
    this.#unwritten.set(command.id, command);
    // What could not be stored is not tried again with each stroke.
    if (this.#lasting) this.#write();
    else this.#warn(true);
  }

  delete(id: string): void {
    if (!this.#ours.delete(id)) return;
    this.#unwritten.set(id, undefined);
    this.#write();
  }

  refresh(): void {
    void this.#inherit().then(left => left.length > 0 && !this.#closed && this.#listener.inherited(left));
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
  async #inherit(): Promise<readonly KeptCommand[]> {
    try {
      const commands = await this.#database.commands(this.#place);
      const { page: own } = this.#lock;
      const pages = new Set(commands.map(({ page }) => page).filter(page => page !== own));
      if (pages.size === 0) return [];
      await this.#lock.hold();
      const taken = new Map<string, KeptCommand>();
      for (const page of pages) {
        const transfer = () => this.#database.transfer(this.#place, page, own);
        for (const one of (await this.#lock.inherit(page, transfer, () => this.refresh())) ?? [])
          taken.set(one.id, one);
      }
      for (const id of taken.keys()) this.#ours.add(id);
      this.#releaseLock();
      return commands.flatMap(({ id }) => taken.get(id) ?? []);
    } catch {
      this.#setLasting(false);
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
    this.#setLasting(lasting);
    this.#releaseLock();
  }

  async #writeBatch(batch: readonly (readonly [id: string, command: KeptCommand | undefined])[]): Promise<boolean> {
    const kept = batch.flatMap(([, command]) => command ?? []);
    const deleted = batch.flatMap(([id, command]) => (command ? [] : id));
    try {
      if (kept.length > 0) await this.#lock.hold();
      await this.#database.write(this.#place, this.#lock.page, kept, deleted);
      return true;
    } catch {
      return false;
    }
  }

  #setLasting(lasting: boolean): void {
    if (this.#closed) return;
    this.#warn(!lasting && this.#ours.size > 0);
    if (lasting === this.#lasting) return;
    this.#lasting = lasting;
    this.#listener.lastingChanged();
  }

  /** A page that stores nothing need not be known to live. */
  #releaseLock(): void {
    if (this.#ours.size === 0) this.#lock.release();
  }

  /** Whether the browser asks those who leave the page. */
  #warn(is: boolean): void {
    if (is) addEventListener('beforeunload', this.#ask);
    else removeEventListener('beforeunload', this.#ask);
  }

  readonly #ask = (event: BeforeUnloadEvent): void => event.preventDefault();
}
