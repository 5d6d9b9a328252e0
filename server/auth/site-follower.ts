import { RefusedError } from '../../protocol/errors.js';
import type { Clock } from '../clock.js';
import type { Cluster } from '../cluster/cluster.js';
import type { Logger } from '../log.js';
import type { SiteDirectory } from './site-directory.js';

export interface SiteFollowerOptions {
  readonly sites: Pick<SiteDirectory, 'reload'>;
  readonly cluster: Pick<Cluster, 'onSites' | 'onConnected'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Milliseconds after which storage is asked though nobody told anything: a message may have been
 * lost, or never sent by a node that died.
 */
const ASK_EVERY = 1_000;
/** Milliseconds between two readings at least, however often something is told. */
const PAUSE = 200;

/**
 * Keeps the sites as other nodes change them: by what they tell, and by asking storage, which never
 * forgets to tell.
 */
export class SiteFollower {
  readonly #options: SiteFollowerOptions;
  readonly #stopListening: readonly (() => void)[];
  #reading = false;
  /** Something was told since the reading under way began, or in the pause after it. */
  #isTold = false;
  #pauseEnds = 0;
  #cancel: () => void;
  #closed = false;

  constructor(options: SiteFollowerOptions) {
    this.#options = options;
    const { cluster, clock } = options;
    this.#stopListening = [
      cluster.onSites(() => this.#told()),
      cluster.onConnected(connected => {
        if (connected) this.#told();
      }),
    ];
    this.#cancel = clock.after(ASK_EVERY, () => void this.#read());
  }

  /** Harmless when called again. */
  close(): void {
    this.#closed = true;
    this.#cancel();
    for (const stop of this.#stopListening) stop();
  }

  get #delay(): number {
    return this.#isTold ? PAUSE : ASK_EVERY;
  }

  #told(): void {
    this.#isTold = true;
    if (!this.#reading) this.#readIn(this.#pauseEnds - this.#options.clock.now());
  }

  #readIn(delay: number): void {
    if (this.#closed) return;
    this.#cancel();
    this.#cancel = this.#options.clock.after(delay, () => void this.#read());
  }

  async #read(): Promise<void> {
    const { sites, clock, log } = this.#options;
    this.#reading = true;
    this.#isTold = false;
    try {
      await sites.reload();
    } catch (fault) {
      // What storage refuses it has logged. It is asked again in any case.
      if (!this.#closed && !(fault instanceof RefusedError))
        log.error({ err: fault }, 'the sites could not be read anew');
    }
    this.#reading = false;
    this.#pauseEnds = clock.now() + PAUSE;
    this.#readIn(this.#delay);
  }
}
