import { inGroups, type RedisCommands } from './redis-client.js';
import type { RedisName, RedisNames } from './redis-keyspace.js';

/** Of whom a count is different: of some people of a site, or perhaps of any. */
type Changed = ReadonlySet<string> | 'all';

/**
 * How many connections this node has, by site and person, and of whom that is different since it
 * was last asked for.
 */
class ConnectionTally {
  /** By site, then by person. */
  readonly #sites = new Map<string, Map<string, number>>();
  readonly #totals = new Map<string, number>();
  #changed = new Map<string, Set<string> | 'all'>();

  get sites(): Iterable<string> {
    return this.#sites.keys();
  }

  add(site: string, person: string, change: 1 | -1): void {
    const persons = this.#sites.get(site) ?? new Map<string, number>();
    put(persons, person, (persons.get(person) ?? 0) + change);
    put(this.#totals, site, (this.#totals.get(site) ?? 0) + change);
    if (persons.size > 0) this.#sites.set(site, persons);
    else this.#sites.delete(site);
    const changed = this.#changed.get(site);
    if (!changed) this.#changed.set(site, new Set([person]));
    else if (changed !== 'all') changed.add(person);
  }

  ofSite(site: string): number {
    return this.#totals.get(site) ?? 0;
  }

  ofPerson(site: string, person: string): number {
    return this.#sites.get(site)?.get(person) ?? 0;
  }

  personsOf(site: string): Iterable<string> {
    return this.#sites.get(site)?.keys() ?? [];
  }

  /** As if everything of a site were different. */
  mark(site: string): void {
    this.#changed.set(site, 'all');
  }

  /** By site, what is different since this was last called. */
  takeChanged(): ReadonlyMap<string, Changed> {
    const changed = this.#changed;
    this.#changed = new Map();
    return changed;
  }
}

function put(counts: Map<string, number>, name: string, count: number): void {
  if (count > 0) counts.set(name, count);
  else counts.delete(name);
}

export interface ConnectionCountsOptions {
  readonly node: string;
  readonly commands: Pick<RedisCommands, 'call'>;
  readonly names: RedisNames;
}

/** Connections to a site, and those of some of its people. */
export interface SiteCounts {
  readonly ofSite: number;
  readonly ofPersons: ReadonlyMap<string, number>;
}

/**
 * Milliseconds after which the counts of a node are forgotten that has not written them again:
 * nobody asks for those of one that is gone.
 */
const KEPT = 3_600_000;
/** The field of a site's own count. No person is called so. */
const ALL = '';
/** Fields of one command. */
const AT_ONCE = 1_000;

/**
 * How many connections each node has: in Redis a hash for every site and node, which that node
 * alone writes.
 */
export class ConnectionCounts {
  readonly #options: ConnectionCountsOptions;
  readonly #tally = new ConnectionTally();
  /** Sites of which Redis may have something of this node. */
  readonly #written = new Set<string>();
  #isWriting = false;

  constructor(options: ConnectionCountsOptions) {
    this.#options = options;
  }

  /** Counts a connection of this node more, or less. */
  add(site: string, person: string, change: 1 | -1): void {
    this.#tally.add(site, person, change);
    void this.#write();
  }

  /**
   * Writes everything again: Redis may have forgotten it, may not have heard of it, or would forget
   * it before long.
   */
  refresh(): void {
    for (const site of [...this.#written, ...this.#tally.sites]) this.#tally.mark(site);
    void this.#write();
  }

  /** What another node has. @throws RedisError */
  async of(node: string, site: string, persons: readonly string[]): Promise<SiteCounts> {
    const name = this.#nameOf(site, node);
    const reply = await this.#options.commands.call(name, 'HMGET', name.text, ALL, ...persons);
    const [ofSite = 0, ...counts] = Array.isArray(reply) ? reply.map(count => Number(count ?? 0)) : [];
    return { ofSite, ofPersons: new Map(persons.map((person, index) => [person, counts[index] ?? 0])) };
  }

  /** Writes what is different. What comes meanwhile goes with the next writing. */
  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    await new Promise(resolve => setImmediate(resolve));
    try {
      for (let changed = this.#tally.takeChanged(); changed.size > 0; changed = this.#tally.takeChanged()) {
        await Promise.all([...changed].map(([site, of]) => this.#writeSite(site, of)));
      }
    } catch {
      // Redis is away. All is written anew when it is there again.
    }
    this.#isWriting = false;
  }

  async #writeSite(site: string, changed: Changed): Promise<void> {
    const { commands, node } = this.#options;
    const name = this.#nameOf(site, node);
    const total = this.#tally.ofSite(site);
    this.#written.add(site);
    const done: Promise<unknown>[] = [];
    if (changed === 'all' || total === 0) done.push(commands.call(name, 'DEL', name.text));
    if (total > 0) {
      const counts = [...(changed === 'all' ? this.#tally.personsOf(site) : changed)].map(
        person => [person, this.#tally.ofPerson(site, person)] as const,
      );
      const here = counts.filter(([, count]) => count > 0);
      const gone = counts.filter(([, count]) => count === 0).map(([person]) => person);
      for (const fields of inGroups([[ALL, total] as const, ...here], AT_ONCE)) {
        done.push(commands.call(name, 'HSET', name.text, ...fields.flat()));
      }
      for (const fields of inGroups(gone, AT_ONCE)) done.push(commands.call(name, 'HDEL', name.text, ...fields));
      done.push(commands.call(name, 'PEXPIRE', name.text, KEPT));
    }
    await Promise.all(done);
    if (this.#tally.ofSite(site) === 0) this.#written.delete(site);
  }

  /** Everything of a site lies in one part. */
  #nameOf(site: string, node: string): RedisName {
    const { text, part } = this.#options.names.of('connections', site);
    return { text: `${text}:${node}`, part };
  }
}
