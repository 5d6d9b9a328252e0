import type { RoomKey } from '../../server/domain/room-key.js';

/**
 * A room's key without a token. Tests alone make one so; in the server only auth/ does, from
 * verified claims.
 */
export function roomKey(site: string, room: string): RoomKey {
  return `${site}/${room}` as RoomKey;
}
