import type { RoomKey } from '../domain/room-key.js';
import type { Person, Role } from '../../protocol/timeline/state.js';
import type { Grants } from './grants.js';

/** Who someone is and what they may do, as a verified token says. */
export interface Identity {
  readonly site: string;
  readonly person: Person;
  readonly grants: Grants;
  /** When the token ends, in milliseconds since 1970. */
  readonly expires: number;
  /** The key that signed it; GUEST_KEY for the server's own. */
  readonly kid: string;
  /** The token's own id, where it has one. */
  readonly jti?: string;
  /** Whether it is good without an Origin. */
  readonly forServers: boolean;
}

/** A room that someone may enter. */
export interface GrantedRoom {
  readonly key: RoomKey;
  readonly role: Role;
}

/**
 * The room of that name in the identity's own site, if its token names it. The only maker of a
 * RoomKey: the site comes from the verified identity, never from what a client says.
 */
export function grantRoom(identity: Identity, room: string): GrantedRoom | undefined {
  const role = identity.grants.roleIn(room);
  return role && { key: `${identity.site}/${room}` as RoomKey, role };
}
