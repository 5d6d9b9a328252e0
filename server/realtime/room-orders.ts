import type { Head, Joined, Position, Tail } from '../../protocol/conversation.js';
import { RefusedError } from '../../protocol/errors.js';
import { eventToVersion1 } from '../../protocol/timeline/version-1.js';
import { PROTOCOL_VERSION } from '../../protocol/version.js';
import { grantRoom } from '../auth/identity.js';
import { judgeServerUse } from '../auth/origin.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import { judgeStanding } from '../auth/standing.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { Command } from '../domain/room-turn.js';
import type { Rooms } from '../domain/rooms.js';
import type { RoomStorage } from '../domain/storage.js';
import type { FailedTokens } from '../limits/failed-tokens.js';
import type { AttendedRooms } from './attended-rooms.js';
import type { Attendance, Connection } from './connection.js';
import { timelineTail } from './timeline-tail.js';

export interface RoomOrdersOptions {
  readonly storage: RoomStorage;
  readonly rooms: Pick<Rooms, 'submit'>;
  readonly attendedRooms: AttendedRooms;
  readonly sites: SiteDirectory;
  readonly tokens: TokenVerifier;
  readonly failedTokens: Pick<FailedTokens, 'remember'>;
}

/**
 * What a connection may order, once its form was checked: each as conversation.ts says, or a
 * RefusedError.
 */
export class RoomOrders {
  readonly #options: RoomOrdersOptions;

  constructor(options: RoomOrdersOptions) {
    this.#options = options;
  }

  async join(connection: Connection, room: string): Promise<Joined> {
    const { storage, attendedRooms, sites } = this.#options;
    const { identity } = connection;
    const granted = grantRoom(identity, room);
    if (!granted) throw new RefusedError('room_forbidden');
    const limit = sites.site(identity.site)?.limits.peersPerRoom ?? 0;
    const known = connection.attendance(room);
    if (!known && attendedRooms.count(granted.key) >= limit) throw new RefusedError('room_full');
    // First in, then look how far the timeline is: so nothing falls between the two.
    const attendance = connection.enter(room, granted.key, granted.role);
    const { attended } = attendance;
    const wasCounted = known !== undefined || attended.isKnown;
    try {
      const [head, read] = await Promise.all([
        storage.head(granted.key),
        storage.readPosition(granted.key, identity.person.id),
        attended.known(),
      ]);
      if (connection.attendance(room) !== attendance) throw new RefusedError('not_joined');
      // Those of other nodes are known only now. Who is refused makes place for the next one.
      if (!wasCounted && attended.live.count > limit) throw new RefusedError('room_full');
      attended.found({ epoch: head.epoch, seq: head.seq });
      return joined(connection, attendance, head, read);
    } catch (fault) {
      if (!known && connection.attendance(room) === attendance) connection.leave(room);
      throw fault;
    }
  }

  leave(connection: Connection, room: string): Promise<object> {
    connection.leave(room);
    return Promise.resolve({});
  }

  async command(connection: Connection, room: string, command: Command): Promise<{ readonly seq: number }> {
    const { attended, role } = attendanceOf(connection, room);
    const { person } = connection.identity;
    return { seq: await this.#options.rooms.submit(attended.key, { person, role }, command) };
  }

  async catchup(connection: Connection, room: string, after: Position): Promise<Tail> {
    const { attended } = attendanceOf(connection, room);
    const tail = await timelineTail(this.#options.storage, attended.key, after);
    if (tail.reset || connection.version === PROTOCOL_VERSION) return tail;
    return { ...tail, events: tail.events.map(eventToVersion1) };
  }

  async read(connection: Connection, room: string, seq: number): Promise<object> {
    const { storage } = this.#options;
    const { key } = attendanceOf(connection, room).attended;
    const head = await storage.head(key);
    await storage.setReadPosition(key, connection.identity.person.id, Math.min(seq, head.seq));
    return {};
  }

  async refresh(connection: Connection, token: string): Promise<{ readonly expires: number }> {
    const { sites, tokens, failedTokens } = this.#options;
    const { site, person } = connection.identity;
    const identity = await tokens.verify(site, token);
    // It may have been revoked between the verification and now.
    const fault = judgeServerUse(connection.origin, identity) ?? judgeStanding(sites, identity);
    if (fault) throw new RefusedError(fault);
    if (identity.person.id !== person.id) throw new RefusedError('token_person_changed');
    failedTokens.remember(site, token);
    connection.adopt(identity);
    return { expires: identity.expires };
  }
}

function attendanceOf(connection: Connection, room: string): Attendance {
  const attendance = connection.attendance(room);
  if (!attendance) throw new RefusedError('not_joined');
  return attendance;
}

function joined(
  { identity }: Connection,
  { attended, peer, role }: Attendance,
  head: Head & { readonly title: string },
  read: number,
): Joined {
  const { live, handle } = attended;
  return {
    handle,
    title: head.title,
    role,
    you: { peer, person: identity.person },
    head: { epoch: head.epoch, seq: head.seq, redactions: head.redactions },
    read,
    here: live.list(peer),
    count: live.count,
    ink: live.ink,
  };
}
