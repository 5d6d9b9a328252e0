/** Of whom a count is different: of some people of a site, or perhaps of any. */
export type Changed = ReadonlySet<string> | 'all';

/** How many connections this node has, by site and person, and of whom that is different since it was last asked for. */
export class ConnectionTally {
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
