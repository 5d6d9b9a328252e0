import type { RoomGrants } from '../../protocol/schema/claims.js';
import { ROOM_NAME } from '../../protocol/names.js';
import type { Role } from '../../protocol/timeline/state.js';

/** Which rooms, in which role: the exact name wins, then the longest pattern. */
export class Grants {
  readonly #exact = new Map<string, Role>();
  /** Beginnings of names, longest first. */
  readonly #beginnings: { readonly beginning: string; readonly role: Role }[] = [];

  constructor(rooms: RoomGrants) {
    for (const [pattern, role] of Object.entries(rooms)) {
      if (pattern.endsWith('*')) this.#beginnings.push({ beginning: pattern.slice(0, -1), role });
      else this.#exact.set(pattern, role);
    }
    this.#beginnings.sort((one, other) => other.beginning.length - one.beginning.length);
  }

  /** The role in a room; undefined where it is not granted, or where no room can have that name. */
  roleIn(room: string): Role | undefined {
    if (!ROOM_NAME.test(room)) return undefined;
    return this.#exact.get(room) ?? this.#beginnings.find(({ beginning }) => room.startsWith(beginning))?.role;
  }
}
