import type { Connection } from './connection.js';

/** How many connections a site has just now, and one person of it. */
export interface ConnectionCounts {
  readonly ofSite: number;
  readonly ofPerson: number;
}

/** Who is connected, by site and by person. */
export class PresentConnections {
  readonly #sites = new Map<string, SitePresence>();

  add(connection: Connection): void {
    const { site, person } = connection.identity;
    let presence = this.#sites.get(site);
    if (!presence) {
      presence = { connections: new Set(), ofPerson: new Map() };
      this.#sites.set(site, presence);
    }
    presence.connections.add(connection);
    presence.ofPerson.set(person.id, (presence.ofPerson.get(person.id) ?? 0) + 1);
  }

  /** A connection keeps its site and person as long as it lasts, so it is found under what it was added by. */
  delete(connection: Connection): void {
    const { site, person } = connection.identity;
    const presence = this.#sites.get(site);
    if (!presence?.connections.delete(connection)) return;
    const left = (presence.ofPerson.get(person.id) ?? 0) - 1;
    if (left > 0) presence.ofPerson.set(person.id, left);
    else presence.ofPerson.delete(person.id);
    if (presence.connections.size === 0) this.#sites.delete(site);
  }

  count(site: string, person: string): ConnectionCounts {
    const presence = this.#sites.get(site);
    return { ofSite: presence?.connections.size ?? 0, ofPerson: presence?.ofPerson.get(person) ?? 0 };
  }

  /** Those of a site, as they are now: who goes meanwhile is among them all the same. */
  of(site: string): readonly Connection[] {
    return [...(this.#sites.get(site)?.connections ?? [])];
  }

  get all(): readonly Connection[] {
    return [...this.#sites.values()].flatMap(({ connections }) => [...connections]);
  }

  /** How many each site has. */
  get bySite(): ReadonlyMap<string, number> {
    return new Map([...this.#sites].map(([site, { connections }]) => [site, connections.size]));
  }
}

interface SitePresence {
  readonly connections: Set<Connection>;
  readonly ofPerson: Map<string, number>;
}
