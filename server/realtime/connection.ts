import type { LiveStep } from '../../protocol/conversation.js';
import { RefusedError, type Refusal } from '../../protocol/errors.js';
import { explain } from '../../protocol/explanations.js';
import { LIMITS } from '../../protocol/limits.js';
import type { Role } from '../../protocol/timeline/state.js';
import { grantRoom, type Identity } from '../auth/identity.js';
import type { RoomKey } from '../domain/room-key.js';
import type { Metrics } from '../metrics/metrics.js';
import type { AttendedRoom, Attendant } from './attended-room.js';
import { type AttendedRooms, inkFrame } from './attended-rooms.js';
import { hangUp } from './engine-connection.js';
import { type Pace, paceOf } from './pace.js';
import type { PeopleSocket } from './people.js';

/** A room that this connection is in. */
export interface Attendance {
  readonly room: string;
  readonly attended: AttendedRoom;
  readonly peer: number;
  /** As the latest token says. */
  role: Role;
}

export interface ConnectionOptions {
  readonly socket: PeopleSocket;
  readonly attendedRooms: AttendedRooms;
  readonly metrics: Metrics;
}

/** One admitted socket: who is behind it, until when, and in which rooms. */
export class Connection implements Attendant {
  readonly socket: PeopleSocket;
  readonly #attendedRooms: AttendedRooms;
  readonly #metrics: Metrics;
  /** Few: looked through sooner than a map would be, which is larger. */
  #rooms: readonly Attendance[] = [];
  #identity: Identity;
  #pace: Pace = 'fast';

  constructor({ socket, attendedRooms, metrics }: ConnectionOptions) {
    this.socket = socket;
    this.#attendedRooms = attendedRooms;
    this.#metrics = metrics;
    this.#identity = socket.data.identity;
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** The page's origin; undefined outside browsers. */
  get origin(): string | undefined {
    return this.socket.data.origin;
  }

  /** Of the conversation. */
  get version(): number {
    return this.socket.data.version;
  }

  get slow(): boolean {
    return this.#pace !== 'fast';
  }

  attendance(room: string): Attendance | undefined {
    return this.#rooms.find(attendance => attendance.room === room);
  }

  /** Enters a room, or finds itself there. What happens in the room is sent from now on. */
  enter(room: string, key: RoomKey, role: Role): Attendance {
    const present = this.attendance(room);
    if (present) return present;
    if (this.#rooms.length >= LIMITS.roomsPerConnection) throw new RefusedError('too_many_rooms');
    const attended = this.#attendedRooms.attend(key);
    const peer = attended.enter(this, this.#identity.person, role);
    const attendance: Attendance = { room, attended, peer, role };
    this.#rooms = [...this.#rooms, attendance];
    return attendance;
  }

  leave(room: string): void {
    const attendance = this.attendance(room);
    if (!attendance) return;
    this.#rooms = this.#rooms.filter(other => other !== attendance);
    this.#attendedRooms.leave(attendance.attended, attendance.peer);
  }

  /**
   * Live steps for the room of this handle; of a room that it is not in any more they mean nothing.
   */
  live(handle: number, steps: readonly LiveStep[]): void {
    for (const { attended, peer } of this.#rooms) {
      if (attended.handle === handle) attended.take(peer, steps);
    }
  }

  /**
   * Goes on with a new token of the same person: rooms that it no longer names are left, roles
   * change at once.
   */
  adopt(identity: Identity): void {
    const renamed = identity.person.name !== this.#identity.person.name;
    this.#identity = identity;
    this.socket.data.identity = identity;
    for (const attendance of this.#rooms) this.#regrant(attendance, renamed);
  }

  /** Says why, and closes. */
  bye(reason: Refusal): void {
    this.socket.emit('bye', explain(reason));
    this.socket.disconnect(true);
  }

  send(fact: Parameters<Attendant['send']>[0]): void {
    fact.send(this.socket.conn, this.version);
  }

  keepPace(): void {
    const before = this.#pace;
    this.#pace = paceOf(this.socket.conn, before);
    if (this.#pace === before) return;
    if (this.#pace === 'stuck') {
      this.#metrics.closedSlow();
      hangUp(this.socket.conn);
    } else if (this.#pace === 'fast') {
      for (const { attended } of this.#rooms) {
        const missed = inkFrame(attended.live.ink);
        if (missed.length > 0) this.socket.emit('f', attended.handle, ...missed);
      }
    }
  }

  /** Leaves everything; the socket is gone. */
  close(): void {
    for (const { room } of this.#rooms) this.leave(room);
  }

  #regrant(attendance: Attendance, renamed: boolean): void {
    const { room, attended, peer } = attendance;
    const role = grantRoom(this.#identity, room)?.role;
    if (role === undefined) {
      this.leave(room);
      this.socket.emit('role', { room, role: null });
      return;
    }
    const changed = role !== attendance.role;
    attendance.role = role;
    if (changed || renamed) attended.change(peer, this.#identity.person, role);
    if (changed) this.socket.emit('role', { room, role });
  }
}
