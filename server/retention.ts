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
 * Forgets what sites don't want kept any longer: at the start, and then every hour, one site after
 * the other, and where storage is shared on one server at a time. A server whose turn comes after
 * another's finds little left to forget.
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
   * Begins with no further site; ends when the one under way is done. Harmless when called again.
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
        // The others' turn comes all the same, and this one's again in an hour.
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

  /**
   * Asked at each step, for a round may take long: a site may want everything kept now, or be gone.
   */
  #daysOf(id: string): number | null {
    return this.#options.sites.site(id)?.retentionDays ?? null;
  }
}
