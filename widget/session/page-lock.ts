/**
 * How pages of one origin know which of them still live: a Web Lock, which a page that is gone
 * can't hold. A page without any (on an insecure origin) takes every other for gone.
 */
export class PageLock {
  /** The name of this one. */
  readonly page: string;
  readonly #ended = new AbortController();
  /** Of pages that live, those whose end is waited for. */
  readonly #awaited = new Set<string>();
  #release: (() => void) | undefined;
  #held: Promise<void> | undefined;

  constructor(page: string) {
    this.page = page;
  }

  /**
   * Says that this page lives; resolves when that is known. Said only while there is need: it keeps
   * a page out of the back/forward cache.
   */
  hold(): Promise<void> {
    return (this.#held ??= new Promise(resolve => {
      const held = new Promise<void>(release => (this.#release = release));
      const request = locks()?.request(nameOf(this.page), () => {
        resolve();
        return held;
      });
      if (request) request.catch(() => resolve());
      else resolve();
    }));
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
    this.#held = undefined;
  }

  /**
   * Calls `take` if a page is gone, and resolves with what it gives; no two pages do so at one time
   * for the same one. If the page lives, resolves with undefined, and calls `later` when it goes.
   */
  async inherit<Left>(page: string, take: () => Promise<Left>, later: () => void): Promise<Left | undefined> {
    const manager = locks();
    if (!manager) return await take();
    return await manager.request(nameOf(page), { ifAvailable: true }, async lock => {
      if (lock) return await take();
      void this.#await(page, later);
      return undefined;
    });
  }

  end(): void {
    this.#ended.abort();
    this.release();
  }

  async #await(page: string, gone: () => void): Promise<void> {
    if (this.#awaited.has(page)) return;
    this.#awaited.add(page);
    try {
      await locks()?.request(nameOf(page), { signal: this.#ended.signal, mode: 'shared' }, () => undefined);
      gone();
    } catch {
      // Ended while it waited.
    }
    this.#awaited.delete(page);
  }
}

function nameOf(page: string): string {
  return `chalk-talk outbox ${page}`;
}

function locks(): LockManager | undefined {
  // Browsers leave it out on insecure origins, whatever the types say.
  const { locks: manager }: { readonly locks?: LockManager } = navigator;
  return manager;
}
