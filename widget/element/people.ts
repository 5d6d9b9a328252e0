import type { Person, Role } from '../../protocol/timeline/state.js';
import type { PeerView } from '../session/index.js';

/** Someone who is here, by however many connections. */
export interface PersonHere {
  readonly person: Person;
  readonly role: Role;
  /** The visitor. */
  readonly self: boolean;
}

/** Everyone who is here. */
export interface Presence {
  /** The visitor first, then in the order of coming. */
  readonly people: readonly PersonHere[];
  /** All of them, those that are not listed too. */
  readonly count: number;
}

export const NOBODY: Presence = { people: [], count: 0 };

/**
 * Who is here, made anew only when that changed: peers also change with every cursor, many times a
 * second.
 *
 * @param peerCount all connections to the room; may be more than `peers` lists
 */
export function presenceOf(before: Presence, peers: readonly PeerView[], peerCount: number): Presence {
  const byPerson = new Map<string, PersonHere>();
  for (const { person, role, self } of peers) {
    const known = byPerson.get(person.id);
    byPerson.set(person.id, { person, role, self: self || (known?.self ?? false) });
  }
  const people = [...byPerson.values()].sort((one, other) => Number(other.self) - Number(one.self));
  const count = people.length + Math.max(0, peerCount - peers.length);
  const now = { people, count };
  return same(before, now) ? before : now;
}

/** The other people who are writing just now, made anew only when that changed. */
export function typingOf(before: readonly Person[], peers: readonly PeerView[]): readonly Person[] {
  const me = peers.find(peer => peer.self)?.person.id;
  const byPerson = new Map<string, Person>();
  for (const { person, typing } of peers) if (typing && person.id !== me) byPerson.set(person.id, person);
  const now = [...byPerson.values()];
  return same(before, now) ? before : now;
}

/** Whether they say the same. */
function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
