import { LRUCache } from 'lru-cache';

import type { Clock } from '../../clock.js';
import type { SharedConnections } from '../cluster.js';
import { ConnectionCounts, type ConnectionCountsOptions, type SiteCounts } from './connection-counts.js';

export interface RedisConnectionsOptions extends ConnectionCountsOptions {
  readonly clock: Clock;
  /** The other nodes that live. */
  readonly others: () => readonly string[];
}

type Elsewhere = Awaited<ReturnType<SharedConnections['elsewhere']>>;

/** What is asked about a site, for all who want to know it at the time. */
interface Question {
  readonly persons: Set<string>;
  readonly answer: Promise<readonly SiteCounts[]>;
}

/**
 * Milliseconds between two questions about one site: a storm of connections is not one of
 * questions.
 */
const ASK_EVERY = 50;
/** More sites than are asked about in that time; of any other it is no matter when it was asked. */
const SITES = 1_000;

const NONE: Elsewhere = { ofSite: 0, ofPerson: 0 };

/**
 * Connections over all nodes, by what each has written in Redis. The counts of those alone are
 * added up that live: what a lost node had counts no more.
 */
export class RedisConnections implements SharedConnections {
  readonly #options: RedisConnectionsOptions;
  readonly #counts: ConnectionCounts;
  /** By site: the question that is about to be asked. */
  readonly #questions = new Map<string, Question>();
  /** By site: when the last question was asked. */
  readonly #asked = new LRUCache<string, number>({ maxSize: SITES, sizeCalculation: () => 1 });

  constructor(options: RedisConnectionsOptions) {
    this.#options = options;
    this.#counts = new ConnectionCounts(options);
  }

  came(site: string, person: string): void {
    this.#counts.add(site, person, 1);
  }

  left(site: string, person: string): void {
    this.#counts.add(site, person, -1);
  }

  /** Never rejects: while Redis is away, what this node has itself is all that counts. */
  async elsewhere(site: string, person: string): Promise<Elsewhere> {
    if (this.#options.others().length === 0) return NONE;
    const { persons, answer } = this.#question(site);
    persons.add(person);
    try {
      let [ofSite, ofPerson] = [0, 0];
      for (const node of await answer) {
        ofSite += node.ofSite;
        ofPerson += node.ofPersons.get(person) ?? 0;
      }
      return { ofSite, ofPerson };
    } catch {
      return NONE;
    }
  }

  /**
   * Writes this node's counts anew. To be called when Redis is there again, and more often than
   * once an hour.
   */
  refresh(): void {
    this.#counts.refresh();
  }

  /** The one that is asked next about a site. */
  #question(site: string): Question {
    let question = this.#questions.get(site);
    if (!question) {
      const persons = new Set<string>();
      question = { persons, answer: this.#pause(site).then(() => this.#ask(site, persons)) };
      this.#questions.set(site, question);
    }
    return question;
  }

  #ask(site: string, persons: ReadonlySet<string>): Promise<readonly SiteCounts[]> {
    const { clock, others } = this.#options;
    this.#questions.delete(site);
    this.#asked.set(site, clock.now());
    return Promise.all(others().map(node => this.#counts.of(node, site, [...persons])));
  }

  async #pause(site: string): Promise<void> {
    const { clock } = this.#options;
    const pause = (this.#asked.get(site) ?? -Infinity) + ASK_EVERY - clock.now();
    if (pause > 0) await new Promise<void>(resolve => clock.after(pause, resolve));
  }
}
