import type { RoomGrants } from '../../protocol/schema/claims.js';
import { ROOM_NAME } from '../../protocol/names.js';
import type { Role } from '../../protocol/timeline/state.js';

/** A beginning of names, as a pattern has it. */
interface Beginning {
  readonly beginning: string;
  readonly role: Role;
}

/** Which rooms, in which role: the exact name wins, then the longest pattern. */
export class Grants {
  /** As the token says them, patterns too: no room has the name of one. */
  readonly #rooms: RoomGrants;
  /** Longest first; undefined where there are none, as in most tokens. */
  readonly #beginnings: readonly Beginning[] | undefined;

  constructor(rooms: RoomGrants) {
    this.#rooms = rooms;
    const patterns = Object.keys(rooms).filter(pattern => pattern.endsWith('*'));
    if (patterns.length === 0) return;
    this.#beginnings = patterns
      .map(pattern => ({ beginning: pattern.slice(0, -1), role: rooms[pattern] ?? 'viewer' }))
      .sort((one, other) => other.beginning.length - one.beginning.length);
  }

  /** The role in a room; undefined where it is not granted, or where no room can have that name. */
  roleIn(room: string): Role | undefined {
    if (!ROOM_NAME.test(room)) return undefined;
    if (Object.hasOwn(this.#rooms, room)) return this.#rooms[room];
    return this.#beginnings?.find(({ beginning }) => room.startsWith(beginning))?.role;
  }
}
