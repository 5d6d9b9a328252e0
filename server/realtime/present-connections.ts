import type { SharedConnections } from '../cluster/cluster.js';
import type { Connection } from './connection.js';

/** The present connections of a site, and of one person of it. */
export interface ConnectionCounts {
  readonly ofSite: number;
  readonly ofPerson: number;
}

/** Who is connected, by site and by person. */
export class PresentConnections {
  readonly #shared: SharedConnections;
  readonly #sites = new Map<string, SitePresence>();

  /** @param shared told of each connection, for the other nodes */
  constructor(shared: SharedConnections) {
    this.#shared = shared;
  }

  add(connection: Connection): void {
    const { site, person } = connection.identity;
    const presence = this.#presence(site);
    presence.connections.add(connection);
    change(presence.ofPerson, person.id, 1);
    this.#shared.came(site, person.id);
  }

  /**
   * Counts a person who is admitted and not connected yet, until the returned function is called.
   */
  expect(site: string, person: string): () => void {
    const presence = this.#presence(site);
    presence.expected += 1;
    change(presence.ofPerson, person, 1);
    return () => {
      presence.expected -= 1;
      change(presence.ofPerson, person, -1);
      this.#leave(site, presence);
    };
  }

  /** Its site and person never change, so it is found where it was added. */
  delete(connection: Connection): void {
    const { site, person } = connection.identity;
    const presence = this.#sites.get(site);
    if (!presence?.connections.delete(connection)) return;
    change(presence.ofPerson, person.id, -1);
    this.#leave(site, presence);
    this.#shared.left(site, person.id);
  }

  /** Connections to this node. */
  count(site: string, person: string): ConnectionCounts {
    const presence = this.#sites.get(site);
    if (!presence) return { ofSite: 0, ofPerson: 0 };
    return { ofSite: presence.connections.size + presence.expected, ofPerson: presence.ofPerson.get(person) ?? 0 };
  }

  /** A copy of the connections of a site: people who leave meanwhile stay in it. */
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

  #presence(site: string): SitePresence {
    let presence = this.#sites.get(site);
    if (!presence) {
      presence = { connections: new Set(), expected: 0, ofPerson: new Map() };
      this.#sites.set(site, presence);
    }
    return presence;
  }

  #leave(site: string, { connections, expected }: SitePresence): void {
    if (connections.size === 0 && expected === 0) this.#sites.delete(site);
  }
}

interface SitePresence {
  readonly connections: Set<Connection>;
  expected: number;
  readonly ofPerson: Map<string, number>;
}

function change(counts: Map<string, number>, name: string, by: number): void {
  const count = (counts.get(name) ?? 0) + by;
  if (count > 0) counts.set(name, count);
  else counts.delete(name);
}
