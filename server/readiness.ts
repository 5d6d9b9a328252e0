import type { Clock } from './clock.js';
import type { Cluster } from './cluster/cluster.js';
import type { SiteStorage } from './domain/storage.js';
import { FAULT_WORDS } from './storage/storage-fault.js';
import type { StorageHealth } from './storage/storage-health.js';

/** Whether a load balancer should send people here, and what speaks against it. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly serving: 'ok' | 'closing';
  /**
   * `failed`: it can be neither read nor written. `silent`: it does not answer. `read-only`: it can
   * only be read. `damaged`: a part of it is unusable, and the rest is served.
   */
  readonly storage: 'ok' | 'failed' | 'silent' | 'read-only' | 'damaged';
  /**
   * `away`: the link to the other nodes is down, and nothing is acknowledged. A single node is
   * always `ok`.
   */
  readonly cluster: 'ok' | 'away';
  /** Why storage is not `ok`, where that is known. */
  readonly reason?: string;
}

/** A healthy storage answers within this time, in milliseconds. */
const ANSWERS_WITHIN = 2_000;

/** No site can have this id: reading its keys reaches the engine, and finds nothing. */
const NO_SITE = '';

/** Tells load balancers whether the server is ready for people. */
export class Readiness {
  readonly #storage: Pick<SiteStorage, 'keyRecords'>;
  readonly #clock: Clock;
  readonly #health: Pick<StorageHealth, 'trouble' | 'damage' | 'recheck'> | undefined;
  readonly #cluster: Pick<Cluster, 'connected'> | undefined;
  #closing = false;
  /** The check under way, shared by all who ask. */
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
