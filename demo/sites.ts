import type { Role } from '../protocol/timeline/state.js';

/** Somebody whom a demo site knows. */
export interface DemoPerson {
  readonly name: string;
  readonly role: Role;
}

/** One of the two embedding customers. */
export interface DemoSite {
  readonly id: string;
  readonly name: string;
  /** By the id that `?as=` names; the first is whoever comes without one. */
  readonly people: Readonly<Record<string, DemoPerson>>;
  /** What guests may do in the room. */
  readonly guests: Role;
}

/** The name of a room on each site: the same name, and yet two rooms. */
export const DEMO_ROOM = 'workshop';

export const ACME: DemoSite = {
  id: 'acme',
  name: 'Acme Maths',
  people: {
    ana: { name: 'Ana', role: 'member' },
    bo: { name: 'Bo', role: 'member' },
    tutor: { name: 'Ms Okafor', role: 'moderator' },
    parent: { name: 'Mr Lind', role: 'viewer' },
  },
  guests: 'member',
};

export const GLOBEX: DemoSite = {
  id: 'globex',
  name: 'Globex Gardens',
  people: {
    iris: { name: 'Iris', role: 'member' },
    bo: { name: 'Bo', role: 'member' },
    head: { name: 'Marguerite', role: 'moderator' },
    neighbour: { name: 'Mr Quill', role: 'viewer' },
  },
  guests: 'viewer',
};
