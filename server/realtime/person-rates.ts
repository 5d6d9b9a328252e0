import { LRUCache } from 'lru-cache';

import { RefusedError, type Refusal, type RefusalCode, refusal } from '../../protocol/errors.js';
import type { Identity } from '../auth/identity.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import { Budget } from '../limits/budget.js';
import type { Rates } from '../limits/rates.js';
import type { Settlement } from '../limits/settlement.js';
import { HOLDERS, type NewBucket, type Rate } from '../limits/token-bucket.js';
import type { Measure } from './measure.js';

export interface PersonRatesOptions {
  readonly rates: Rates;
  readonly sites: SiteDirectory;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Given where other nodes count the same people and sites. */
  readonly settlement?: Pick<Settlement, 'of'> | undefined;
}

type OfPerson = 'commands' | 'commandSize' | 'orders' | 'live' | 'liveSize' | 'liveExcess' | 'points';
type OfSite = 'commands' | 'size' | 'points';

/**
 * What happens to live steps: taken, dropped silently, or dropped together with a sender of far too
 * many.
 */
export type LiveVerdict = 'take' | 'drop' | Refusal;

/**
 * How long a client closed for too many live messages stays away, in milliseconds: its budget
 * refills meanwhile.
 */
const ABUSE_REST = 10_000;

/**
 * Limits each person, over all their connections to all nodes, and each site: in messages, bytes
 * and points. A command is charged completely or not at all, so that a retry after the announced
 * wait succeeds.
 */
export class PersonRates {
  readonly #rates: Rates;
  readonly #sites: SiteDirectory;
  readonly #now: () => number;
  readonly #newBucketOfPerson: NewBucket | undefined;
  readonly #newBucketOfSite: NewBucket | undefined;
  readonly #people = new LRUCache<string, Budget<OfPerson>>({ maxSize: HOLDERS, sizeCalculation: () => 1 });
  /** By site; gone when its limits change. */
  readonly #budgets = new Map<string, Budget<OfSite>>();
  readonly #stopListening: () => void;

  constructor({ rates, sites, now, settlement }: PersonRatesOptions) {
    this.#rates = rates;
    this.#sites = sites;
    this.#now = now;
    this.#newBucketOfPerson = settlement?.of('person');
    this.#newBucketOfSite = settlement?.of('site');
    this.#stopListening = sites.listen(change => {
      if (change.type === 'site') this.#budgets.delete(change.site.id);
      else if (change.type === 'site-removed') this.#budgets.delete(change.site);
    });
  }

  /** @throws RefusedError `rate_limited` */
  order(identity: Identity): void {
    const retryAfter = this.#ofPerson(identity).take('orders', 1, this.#now());
    if (retryAfter > 0) throw new RefusedError('rate_limited', { retryAfter });
  }

  /**
   * @throws RefusedError `rate_limited`, `person_bytes_limited`, `person_points_limited`, and the
   *   same of the site
   */
  command(identity: Identity, { size, points }: Measure): void {
    const now = this.#now();
    const person = this.#ofPerson(identity);
    const site = this.#ofSite(identity.site);
    const shortage = new Shortage();
    shortage.add('rate_limited', person.wait('commands', 1, now));
    shortage.add('person_bytes_limited', person.wait('commandSize', size, now));
    if (points > 0) shortage.add('person_points_limited', person.wait('points', points, now));
    shortage.add('site_messages_limited', site.wait('commands', 1, now));
    shortage.add('site_bytes_limited', site.wait('size', size, now));
    if (points > 0) shortage.add('site_points_limited', site.wait('points', points, now));
    shortage.refuse();
    person.spend('commands', 1, now);
    person.spend('commandSize', size, now);
    site.spend('commands', 1, now);
    site.spend('size', size, now);
    if (points === 0) return;
    person.spend('points', points, now);
    site.spend('points', points, now);
  }

  /**
   * Charges live steps. They are not worth an answer: too many are dropped.
   *
   * @param measure undefined where the steps are not well-formed
   */
  live(identity: Identity, measure: Measure | undefined): LiveVerdict {
    const now = this.#now();
    const person = this.#ofPerson(identity);
    if (!measure) return this.#excess(person, 'rate_limited', now);
    const { size, points } = measure;
    if (person.wait('live', 1, now) > 0) return this.#excess(person, 'rate_limited', now);
    if (person.wait('liveSize', size, now) > 0) return this.#excess(person, 'person_bytes_limited', now);
    if (points > 0 && person.wait('points', points, now) > 0) {
      return this.#excess(person, 'person_points_limited', now);
    }
    const site = this.#ofSite(identity.site);
    // Others of the site sent too much: not this person's fault.
    if (site.wait('size', size, now) > 0 || (points > 0 && site.wait('points', points, now) > 0)) return 'drop';
    person.spend('live', 1, now);
    person.spend('liveSize', size, now);
    site.spend('size', size, now);
    if (points > 0) {
      person.spend('points', points, now);
      site.spend('points', points, now);
    }
    return 'take';
  }

  close(): void {
    this.#stopListening();
  }

  #excess(person: Budget<OfPerson>, code: RefusalCode, now: number): LiveVerdict {
    return person.take('liveExcess', 1, now) === 0 ? 'drop' : refusal(code, ABUSE_REST);
  }

  #ofPerson(identity: Identity): Budget<OfPerson> {
    const holder = holderOf(identity);
    let budget = this.#people.get(holder);
    if (!budget) {
      budget = new Budget<OfPerson>(this.#rates, holder, this.#newBucketOfPerson);
      this.#people.set(holder, budget);
    }
    return budget;
  }

  #ofSite(id: string): Budget<OfSite> {
    let budget = this.#budgets.get(id);
    if (!budget) {
      const limits = this.#sites.site(id)?.limits;
      const rates = {
        commands: inOneSecond(limits?.commandsPerSecond),
        size: inOneSecond(limits?.bytesPerSecond),
        points: inOneSecond(limits?.pointsPerSecond),
      };
      budget = new Budget<OfSite>(rates, id, this.#newBucketOfSite);
      this.#budgets.set(id, budget);
    }
    return budget;
  }
}

/** The key of a person's budget. */
export function holderOf({ site, person }: Identity): string {
  return `${site}/${person.id}`;
}

function inOneSecond(perSecond = 0): Rate {
  return { perSecond, burst: perSecond };
}

/**
 * Added to the wait for a command's budget, in milliseconds: by then several commands fit, so an
 * outbox goes on in groups rather than being refused after each.
 */
const REFILL = 500;

/** Collects what a command lacks, and refuses for the longest wait. */
class Shortage {
  #code: RefusalCode = 'rate_limited';
  #wait = 0;

  add(code: RefusalCode, wait: number): void {
    if (wait <= this.#wait) return;
    this.#code = code;
    this.#wait = wait;
  }

  /** @throws RefusedError where anything is missing */
  refuse(): void {
    if (this.#wait > 0) throw new RefusedError(this.#code, { retryAfter: this.#wait + REFILL });
  }
}
