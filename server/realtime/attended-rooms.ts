import type { InkInProgress } from '../../protocol/conversation.js';
import type { TimelineEvent } from '../../protocol/timeline/events.js';
import type { Clock } from '../clock.js';
import { partsOf, type RoomKey } from '../domain/room-key.js';
import type { Metrics } from '../metrics/metrics.js';
import { LiveRoom } from './live/live-room.js';
import type { PeopleNamespace, PeopleSocket } from './people.js';

/** Who reads too slowly for live frames; no RoomKey looks like it. */
export const SLOW_READERS = 'slow:';

/** Someone in a room, as the room sees them. */
export interface Attendant {
  readonly socket: PeopleSocket;
  /** Looks how the reader keeps up, before something is sent. */
  keepPace(): void;
}

/** A room with somebody in it. */
export interface AttendedRoom {
  readonly key: RoomKey;
  /** Its number in live frames: small, and never another room's while this process runs. */
  readonly handle: number;
  readonly live: LiveRoom;
  /** By peer. */
  readonly attendants: Map<number, Attendant>;
}

/** The rooms that somebody is in just now, and the way from them to the sockets: everything goes to a room with one emit. */
export class AttendedRooms {
  readonly #namespace: PeopleNamespace;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #rooms = new Map<RoomKey, AttendedRoom>();
  #lastHandle = 0;

  constructor(namespace: PeopleNamespace, clock: Clock, metrics: Metrics) {
    this.#namespace = namespace;
    this.#clock = clock;
    this.#metrics = metrics;
  }

  /** How many rooms somebody is in. */
  get size(): number {
    return this.#rooms.size;
  }

  /** How many peers are in a room. */
  count(key: RoomKey): number {
    return this.#rooms.get(key)?.live.count ?? 0;
  }

  /** The room, come into being where nobody was in it. Whoever asks puts somebody into it at once. */
  attend(key: RoomKey): AttendedRoom {
    let attended = this.#rooms.get(key);
    if (!attended) {
      attended = this.#open(key);
      this.#rooms.set(key, attended);
    }
    return attended;
  }

  /** Takes a peer out of a room, and lets go of a room that is empty then. */
  leave({ key, live, attendants }: AttendedRoom, peer: number): void {
    attendants.delete(peer);
    live.leave(peer);
    if (live.count === 0) this.#rooms.delete(key);
  }

  /** Tells a room what was kept. */
  announce(key: RoomKey, epoch: string, events: readonly TimelineEvent[]): void {
    const attended = this.#rooms.get(key);
    if (!attended) return;
    const drawn = events.flatMap(event => (event.type === 'shape.drawn' ? [event.stroke.id] : []));
    if (drawn.length > 0) attended.live.settle(drawn);
    keepPace(attended);
    this.#metrics.told(events.length, attended.live.count);
    this.#namespace.to(key).emit('events', { room: partsOf(key).room, epoch, events });
  }

  close(): void {
    for (const { live } of this.#rooms.values()) live.close();
    this.#rooms.clear();
  }

  #open(key: RoomKey): AttendedRoom {
    this.#lastHandle += 1;
    const handle = this.#lastHandle;
    const { room } = partsOf(key);
    const live = new LiveRoom({
      clock: this.#clock,
      onFrame: pairs => {
        keepPace(attended);
        this.#metrics.frame();
        this.#namespace
          .to(key)
          .except(SLOW_READERS)
          .emit('f', handle, ...pairs);
      },
      onPresence: change => this.#namespace.to(key).emit('presence', { room, ...change }),
    });
    const attended: AttendedRoom = { key, handle, live, attendants: new Map() };
    return attended;
  }
}

/** All strokes in progress as one frame, for somebody who missed their beginnings. */
export function inkFrame(ink: readonly InkInProgress[]) {
  return ink.flatMap(stroke => [stroke.peer, ['ink', ...stroke.ink] as const]);
}

function keepPace({ attendants }: AttendedRoom): void {
  for (const attendant of attendants.values()) attendant.keepPace();
}
