import type { SiteDirectory } from './auth/site-directory.js';
import type { Clock } from './clock.js';
import type { SiteStorage } from './domain/storage.js';
import type { Logger } from './log.js';
import type { Sharing } from './storage/storage-driver.js';

export interface RetentionOptions {
  readonly sites: SiteDirectory;
  readonly storage: Pick<SiteStorage, 'forget'> & Sharing<'exclusively'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Milliseconds from the end of one round to the next. */
const EVERY = 60 * 60 * 1_000;
const DAY = 24 * 60 * 60 * 1_000;

/**
 * Deletes what sites no longer want kept: at the start, and then every hour, one site after the
 * other. Where storage is shared, one server does so at a time, and the next one finds little left.
 */
export class Retention {
  readonly #options: RetentionOptions;
  #round: Promise<void>;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#round = this.#forget();
  }

  /**
   * Starts no further site, and resolves when the present one is done. Harmless when called again.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#round;
  }

  async #forget(): Promise<void> {
    const { sites, storage, clock, log } = this.#options;
    for (const { id } of sites.all) {
      if (this.#closed || this.#daysOf(id) === null) continue;
      try {
        if (storage.isShared) await storage.exclusively('retention', () => this.#forgetOf(id));
        else await this.#forgetOf(id);
      } catch (fault) {
        // The other sites go on, and this one is tried again in an hour.
        log.error({ err: fault, site: id }, 'a site could not be made to forget');
      }
    }
    if (this.#closed) return;
    this.#cancel = clock.after(EVERY, () => {
      this.#round = this.#forget();
    });
  }

  async #forgetOf(id: string): Promise<void> {
    const { storage, clock } = this.#options;
    const days = this.#daysOf(id);
    if (!this.#closed && days !== null) await storage.forget(id, clock.now() - days * DAY);
  }

  /** Read at each step: during a long round the site may have changed its mind, or be gone. */
  #daysOf(id: string): number | null {
    return this.#options.sites.site(id)?.retentionDays ?? null;
  }
}
