import type { Clock } from './clock.js';
import type { SiteStorage } from './domain/storage.js';

/** Whether the server should be sent people, and which part of it speaks against that. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly serving: 'ok' | 'closing';
  readonly storage: 'ok' | 'failed' | 'silent';
}

/** Milliseconds in which storage answers if all is well with it. */
const ANSWERS_WITHIN = 2_000;

/** No site can have this id: asking for its keys reaches the engine, and finds nothing. */
const NO_SITE = '';

/** Tells whoever spreads the load whether the server is ready for people. */
export class Readiness {
  readonly #storage: Pick<SiteStorage, 'keyRecords'>;
  readonly #clock: Clock;
  #closing = false;
  /** One at a time, however many ask. */
  #asking: Promise<'ok' | 'failed'> | undefined;

  constructor(storage: Pick<SiteStorage, 'keyRecords'>, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** From now on the server is not ready: it is about to close. */
  drain(): void {
    this.#closing = true;
  }

  async report(): Promise<ReadinessReport> {
    const storage = await this.#storageAnswers();
    const serving = this.#closing ? 'closing' : 'ok';
    return { ready: storage === 'ok' && serving === 'ok', serving, storage };
  }

  #storageAnswers(): Promise<ReadinessReport['storage']> {
    this.#asking ??= this.#storage
      .keyRecords(NO_SITE)
      .then(
        () => 'ok' as const,
        () => 'failed' as const,
      )
      .finally(() => (this.#asking = undefined));
    const asking = this.#asking;
    return new Promise(resolve => {
      const cancel = this.#clock.after(ANSWERS_WITHIN, () => resolve('silent'));
      void asking.then(answer => {
        cancel();
        resolve(answer);
      });
    });
  }
}
