import type { SiteStorage } from '../domain/storage.js';
import { CoalescedTask, SerialQueue } from '../serial-queue.js';
import type { Sharing } from '../storage/storage-driver.js';
import { HeldSites, type SiteChange } from './held-sites.js';
import type { Revocations } from './revocations.js';

/** Storage of sites, be it shared with other servers or not. */
export type SitesAtRest = SiteStorage & Sharing;

export interface SiteMirrorOptions {
  readonly storage: SitesAtRest;
  readonly revocations: Pick<Revocations, 'replace'>;
  /**
   * Called after each change that was made here, also where it is not known whether it was kept.
   */
  readonly tellOthers: () => void;
}

/**
 * What storage has of the sites, in memory: read anew after others changed it, while changes are
 * made here as well. Of a site that is being changed here, or was while storage was asked, the
 * answer may be older than what is held, and does not count.
 */
export class SiteMirror {
  readonly held = new HeldSites();
  readonly #options: SiteMirrorOptions;
  readonly #queue = new SerialQueue();
  readonly #reading = new CoalescedTask(() => this.#read());
  readonly #listeners = new Set<(change: SiteChange) => void>();
  readonly #changing = new Set<string>();
  readonly #changedMeanwhile = new Set<string>();
  /** What `siteChanges` said before all that is held was read. */
  #asOf: string | undefined;

  constructor(options: SiteMirrorOptions) {
    this.#options = options;
  }

  /**
   * Reads everything anew and tells what is different; but where storage can tell that nothing is,
   * does not. One reading at a time: who asks meanwhile waits for the next one.
   */
  reload(): Promise<void> {
    return this.#reading.run();
  }

  /**
   * Does the work when all other changes of a site have ended, those of other servers too, and what
   * they did is known here.
   */
  alone<Value>(id: string, work: () => Promise<Value>): Promise<Value> {
    const { storage } = this.#options;
    return this.#queue.run(() => {
      if (!storage.isShared) return this.#change(id, work);
      return storage.exclusively(`site ${id}`, async () => {
        await this.reload();
        return this.#change(id, work);
      });
    }, id);
  }

  /** Calls `listener` at each change from now on, until the function that is returned is called. */
  listen(listener: (change: SiteChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(change: SiteChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** Something was changed in storage, or may have been. */
  tellOthers(): void {
    this.#options.tellOthers();
  }

  /**
   * What is held may be other than what storage has, though nothing is changed there: the next
   * reading reads everything.
   */
  doubt(): void {
    this.#asOf = undefined;
  }

  async #change<Value>(id: string, work: () => Promise<Value>): Promise<Value> {
    this.#changing.add(id);
    try {
      return await work();
    } finally {
      this.#changing.delete(id);
      this.#changedMeanwhile.add(id);
      this.tellOthers();
    }
  }

  async #read(): Promise<void> {
    const { storage, revocations } = this.#options;
    const asOf = storage.isShared ? await storage.siteChanges() : undefined;
    if (asOf !== undefined && asOf === this.#asOf) return;
    this.#changedMeanwhile.clear();
    const kept = await storage.sites();
    const left = new Set([...this.#changing, ...this.#changedMeanwhile]);
    // What they became here is not known yet, should it fail half-way.
    if (left.size === 0) this.#asOf = asOf;
    for (const site of this.held.deleteGone(kept, left)) this.tell({ type: 'site-removed', site });
    const changes = this.held.replace(kept, left);
    const revoked = revocations.replace(kept.revocations, left);
    for (const change of changes) this.tell(change);
    for (const { site, kind, subject } of revoked) this.tell({ type: `${kind}-revoked`, site, subject });
  }
}
