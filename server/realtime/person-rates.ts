import { RefusedError } from '../../protocol/errors.js';
import type { Identity } from '../auth/identity.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import type { Rates } from '../rates.js';
import { TokenBucket, TokenBuckets } from '../token-bucket.js';

export interface PersonRatesOptions {
  readonly rates: Rates;
  readonly sites: SiteDirectory;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Holds each person, over all their connections, and each site to what they may do. */
export class PersonRates {
  readonly #sites: SiteDirectory;
  readonly #now: () => number;
  readonly #commands: TokenBuckets;
  readonly #commandSize: TokenBuckets;
  readonly #orders: TokenBuckets;
  readonly #live: TokenBuckets;
  readonly #liveSize: TokenBuckets;
  readonly #liveExcess: TokenBuckets;
  /** By site; gone when its limits change. */
  readonly #siteCommands = new Map<string, TokenBucket>();
  readonly #stopListening: () => void;

  constructor({ rates, sites, now }: PersonRatesOptions) {
    this.#sites = sites;
    this.#now = now;
    this.#commands = new TokenBuckets(rates.commands);
    this.#commandSize = new TokenBuckets(rates.commandSize);
    this.#orders = new TokenBuckets(rates.orders);
    this.#live = new TokenBuckets(rates.live);
    this.#liveSize = new TokenBuckets(rates.liveSize);
    this.#liveExcess = new TokenBuckets(rates.liveExcess);
    this.#stopListening = sites.listen(change => {
      if (change.type === 'site') this.#siteCommands.delete(change.site.id);
    });
  }

  /** @throws RefusedError `rate_limited` */
  order(identity: Identity): void {
    admit(this.#orders.take(holder(identity), 1, this.#now()));
  }

  /**
   * @param size characters of the command
   * @throws RefusedError `rate_limited`
   */
  command(identity: Identity, size: number): void {
    const now = this.#now();
    const who = holder(identity);
    admit(this.#commands.take(who, 1, now));
    admit(this.#commandSize.take(who, size, now));
    admit(this.#siteBucket(identity.site, now).take(1, now));
  }

  /**
   * Live steps are not worth an answer: what is too much is dropped.
   *
   * @param size characters of the steps
   * @returns whether they may be taken; `abuse` where far too much has been dropped
   */
  live(identity: Identity, size: number): 'take' | 'drop' | 'abuse' {
    const now = this.#now();
    const who = holder(identity);
    if (this.#live.take(who, 1, now) === 0 && this.#liveSize.take(who, size, now) === 0) return 'take';
    return this.#liveExcess.take(who, 1, now) === 0 ? 'drop' : 'abuse';
  }

  close(): void {
    this.#stopListening();
  }

  #siteBucket(site: string, now: number): TokenBucket {
    let bucket = this.#siteCommands.get(site);
    if (!bucket) {
      const perSecond = this.#sites.site(site)?.limits.commandsPerSecond ?? 0;
      bucket = new TokenBucket({ perSecond, burst: perSecond }, now);
      this.#siteCommands.set(site, bucket);
    }
    return bucket;
  }
}

function admit(retryAfter: number): void {
  if (retryAfter > 0) throw new RefusedError('rate_limited', { retryAfter });
}

function holder({ site, person }: Identity): string {
  return `${site}/${person.id}`;
}
