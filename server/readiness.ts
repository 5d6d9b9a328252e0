import type { Clock } from './clock.js';
import type { Cluster } from './cluster/cluster.js';
import type { SiteStorage } from './domain/storage.js';
import { FAULT_WORDS } from './storage/storage-fault.js';
import type { StorageHealth } from './storage/storage-health.js';

/** Whether the server should be sent people, and which part of it speaks against that. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly serving: 'ok' | 'closing';
  /**
   * `failed`: it can't be read, nor written. `silent`: it does not answer. `read-only`: nothing can
   * be kept, while what is there can be read. `damaged`: a part of it, while the rest is served.
   */
  readonly storage: 'ok' | 'failed' | 'silent' | 'read-only' | 'damaged';
  /**
   * `away`: the other nodes are not heard, and nothing is acknowledged. One that is alone misses
   * nobody.
   */
  readonly cluster: 'ok' | 'away';
  /** What is wrong with storage, in words, where that is known. */
  readonly reason?: string;
}

/** Milliseconds in which storage answers if all is well with it. */
const ANSWERS_WITHIN = 2_000;

/** No site can have this id: asking for its keys reaches the engine, and finds nothing. */
const NO_SITE = '';

/** Tells whoever spreads the load whether the server is ready for people. */
export class Readiness {
  readonly #storage: Pick<SiteStorage, 'keyRecords'>;
  readonly #clock: Clock;
  readonly #health: Pick<StorageHealth, 'trouble' | 'damage' | 'recheck'> | undefined;
  readonly #cluster: Pick<Cluster, 'connected'> | undefined;
  #closing = false;
  /** One at a time, however many ask. */
  #asking: Promise<'ok' | 'failed'> | undefined;

  constructor(
    storage: Pick<SiteStorage, 'keyRecords'>,
    clock: Clock,
    health?: Pick<StorageHealth, 'trouble' | 'damage' | 'recheck'>,
    cluster?: Pick<Cluster, 'connected'>,
  ) {
    this.#storage = storage;
    this.#clock = clock;
    this.#health = health;
    this.#cluster = cluster;
  }

  /** From now on the server is not ready: it is about to close. */
  drain(): void {
    this.#closing = true;
  }

  async report(): Promise<ReadinessReport> {
    const answers = await this.#storageAnswers();
    const { trouble, damage } = this.#health ?? {};
    const wrong = trouble ?? damage;
    const storage = answers !== 'ok' ? answers : trouble ? 'read-only' : damage ? 'damaged' : 'ok';
    const serving = this.#closing ? 'closing' : 'ok';
    const cluster = (this.#cluster?.connected ?? true) ? 'ok' : 'away';
    const ready = (storage === 'ok' || storage === 'damaged') && serving === 'ok' && cluster === 'ok';
    return { ready, serving, storage, cluster, ...(wrong && { reason: FAULT_WORDS[wrong.fault] }) };
  }

  #storageAnswers(): Promise<'ok' | 'failed' | 'silent'> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    const asking = this.#asking;
    return new Promise(resolve => {
      const cancel = this.#clock.after(ANSWERS_WITHIN, () => resolve('silent'));
      void asking.then(answer => {
        cancel();
        resolve(answer);
      });
    });
  }

  async #ask(): Promise<'ok' | 'failed'> {
    try {
      await this.#health?.recheck();
      await this.#storage.keyRecords(NO_SITE);
      return 'ok';
    } catch {
      return 'failed';
    }
  }
}
