import type { KeptCommand, OutboxPlace, OutboxShelf, OutboxStore } from './outbox-store.js';
import type { Platform } from './platform.js';
import { Timer } from './timer.js';

export interface ShelfKeeperPort {
  /** What is to be kept from now on, in order; called when a shelf opens, after `takeUp`. */
  present(): readonly KeptCommand[];
  /** What other pages left; `first`: those that were gone before this one came. */
  takeUp(left: readonly KeptCommand[], first: boolean): void;
  /** What earlier pages left is here, or not waited for any longer. */
  ready(): void;
  /** What waits is kept, or is not any more. */
  lastingChanged(): void;
}

/** How long is waited for what an earlier page left, in milliseconds, before what is new is sent without it. */
const PATIENCE = 2_000;

/**
 * Opens the shelf of whoever is here in the platform's store, and lays things on it: before it is open, where it does not open, and
 * where there is no store, nothing is kept, and nobody waits.
 */
export class ShelfKeeper {
  readonly #place: Omit<OutboxPlace, 'person'>;
  readonly #port: ShelfKeeperPort;
  readonly #patience: Timer;
  readonly #load: () => Promise<OutboxStore | undefined> | undefined;
  #store: Promise<OutboxStore | undefined> | undefined;
  #shelf: OutboxShelf | undefined;
  #opening = false;
  /** Rises with each opening and at the end. */
  #round = 0;

  constructor(place: Omit<OutboxPlace, 'person'>, port: ShelfKeeperPort, platform: Platform) {
    this.#place = place;
    this.#port = port;
    this.#patience = new Timer(platform);
    this.#load = () => platform.outboxStore?.().catch(() => undefined);
    // While the connection is being made.
    this.#store = this.#load();
  }

  /** Whether what waits outlives this page. */
  get lasting(): boolean {
    return this.#shelf?.lasting ?? false;
  }

  /** Opens the shelf of a person, or looks at it again where it is open. */
  async open(person: string): Promise<void> {
    if (this.#shelf) this.#shelf.look();
    if (this.#shelf || this.#opening) return;
    this.#store ??= this.#load();
    if (!this.#store) {
      this.#port.ready();
      return;
    }
    const round = (this.#round += 1);
    const current = (): boolean => round === this.#round;
    this.#opening = true;
    this.#patience.start(PATIENCE, () => this.#port.ready());
    const store = await this.#store;
    const shelf = await store?.open(
      { ...this.#place, person },
      {
        found: left => current() && this.#port.takeUp(left, false),
        changed: () => current() && this.#port.lastingChanged(),
      },
    );
    if (!current()) {
      shelf?.close();
      return;
    }
    this.#patience.stop();
    this.#opening = false;
    // Where it did not load, it is loaded again the next time.
    this.#store = undefined;
    if (shelf) this.#moveIn(shelf);
    this.#port.ready();
  }

  keep(command: KeptCommand): void {
    this.#shelf?.keep(command);
  }

  drop(id: string): void {
    this.#shelf?.drop(id);
  }

  /** Leaves what there is to the next page. */
  close(): void {
    this.#round += 1;
    this.#opening = false;
    this.#patience.stop();
    this.#shelf?.close();
    this.#shelf = undefined;
  }

  #moveIn(shelf: OutboxShelf): void {
    this.#shelf = shelf;
    this.#port.takeUp(shelf.left, true);
    const there = new Set(shelf.left.map(({ id }) => id));
    // What this page had so far comes after it, on the shelf too.
    for (const command of this.#port.present()) if (!there.has(command.id)) shelf.keep(command);
    this.#port.lastingChanged();
  }
}
