import type { KeptCommand, KeptOutbox, OutboxPlace, OutboxStore } from './outbox-store.js';
import type { Platform } from './platform.js';
import { Timer } from './timer.js';

export interface OutboxKeeperPort {
  /**
   * What is to be stored from now on, in order; called when an outbox was loaded, after `restore`.
   */
  present(): readonly KeptCommand[];
  /** What other pages left; `first`: those that were gone before this one came. */
  restore(earlier: readonly KeptCommand[], first: boolean): void;
  /** What earlier pages left is here, or not waited for any longer. */
  ready(): void;
  /** What waits is stored, or is not any more. */
  lastingChanged(): void;
}

/**
 * How long the stored outbox may take to load, in milliseconds, before what is new is sent without
 * it.
 */
const PATIENCE = 2_000;

/**
 * Persists the outbox of whoever is here in the platform's store. Before that is loaded, where it
 * does not load, and where there is no store, nothing is stored, and nobody waits.
 */
export class OutboxKeeper {
  readonly #place: Omit<OutboxPlace, 'person'>;
  readonly #port: OutboxKeeperPort;
  readonly #patience: Timer;
  readonly #openStore: () => Promise<OutboxStore | undefined> | undefined;
  #store: Promise<OutboxStore | undefined> | undefined;
  #kept: KeptOutbox | undefined;
  #loading = false;
  /** Rises with each load and at the end. */
  #round = 0;

  constructor(place: Omit<OutboxPlace, 'person'>, port: OutboxKeeperPort, platform: Platform) {
    this.#place = place;
    this.#port = port;
    this.#patience = new Timer(platform);
    this.#openStore = () => platform.outboxStore?.().catch(() => undefined);
    // While the connection is being made.
    this.#store = this.#openStore();
  }

  /** Whether what waits outlives this page. */
  get lasting(): boolean {
    return this.#kept?.lasting ?? false;
  }

  /** Loads the outbox of a person, or looks for more of it where it is loaded. */
  async load(person: string): Promise<void> {
    if (this.#kept) this.#kept.refresh();
    if (this.#kept || this.#loading) return;
    this.#store ??= this.#openStore();
    if (!this.#store) {
      this.#port.ready();
      return;
    }
    const round = (this.#round += 1);
    const current = (): boolean => round === this.#round;
    this.#loading = true;
    this.#patience.start(PATIENCE, () => this.#port.ready());
    const store = await this.#store;
    const kept = await store?.open(
      { ...this.#place, person },
      {
        inherited: commands => current() && this.#port.restore(commands, false),
        lastingChanged: () => current() && this.#port.lastingChanged(),
      },
    );
    if (!current()) {
      kept?.close();
      return;
    }
    this.#patience.stop();
    this.#loading = false;
    // Where it did not open, it is opened again the next time.
    this.#store = undefined;
    if (kept) this.#begin(kept);
    this.#port.ready();
  }

  put(command: KeptCommand): void {
    this.#kept?.put(command);
  }

  delete(id: string): void {
    this.#kept?.delete(id);
  }

  /** Leaves what there is to the next page. */
  close(): void {
    this.#round += 1;
    this.#loading = false;
    this.#patience.stop();
    this.#kept?.close();
    this.#kept = undefined;
  }

  #begin(kept: KeptOutbox): void {
    this.#kept = kept;
    this.#port.restore(kept.loaded, true);
    const stored = new Set(kept.loaded.map(({ id }) => id));
    // What this page had so far comes after it, in the store too.
    for (const command of this.#port.present()) if (!stored.has(command.id)) kept.put(command);
    this.#port.lastingChanged();
  }
}
