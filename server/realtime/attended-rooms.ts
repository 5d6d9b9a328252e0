import type { InkInProgress, ServerToClient } from '../../protocol/conversation.js';
import type { TimelineEvent } from '../../protocol/timeline/events.js';
import type { Revocations } from '../auth/revocations.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import type { Clock } from '../clock.js';
import { partsOf, type RoomKey } from '../domain/room-key.js';
import type { Rooms } from '../domain/rooms.js';
import type { Metrics } from '../metrics/metrics.js';
import { LiveRoom } from './live/live-room.js';
import { UnfinishedStrokes } from './live/unfinished-strokes.js';
import type { PeopleNamespace, PeopleSocket } from './people.js';
import { SharedFact } from './shared-fact.js';

/** Someone in a room, as the room sees them. */
export interface Attendant {
  readonly socket: PeopleSocket;
  /** Reads too slowly for live frames. */
  readonly slow: boolean;
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

export interface AttendedRoomsOptions {
  readonly namespace: Pick<PeopleNamespace, 'name'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Where the strokes of those who vanish are kept. */
  readonly rooms: Pick<Rooms, 'submit'>;
  readonly sites: Pick<SiteDirectory, 'site'> & { readonly revocations: Pick<Revocations, 'has'> };
}

/** The rooms that somebody is in just now, and the way from them to the sockets: what goes to a room is encoded once. */
export class AttendedRooms {
  readonly #namespace: string;
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #unfinished: UnfinishedStrokes;
  readonly #rooms = new Map<RoomKey, AttendedRoom>();
  #lastHandle = 0;

  constructor({ namespace, clock, metrics, rooms, sites }: AttendedRoomsOptions) {
    this.#namespace = namespace.name;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#unfinished = new UnfinishedStrokes({
      clock,
      rooms,
      isDrawnOn: ({ room, author, ink: [shape] }) =>
        this.#rooms.get(room)?.live.isDrawing(author.person.id, shape) ?? false,
      mayBeKept: ({ room, author }) => {
        const { site } = partsOf(room);
        return sites.site(site) !== undefined && !sites.revocations.has(site, 'person', author.person.id);
      },
    });
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
    const drawn = events.flatMap(wholeShape);
    if (drawn.length > 0) attended.live.settle(drawn);
    this.#metrics.told(events.length, attended.live.count);
    this.#tell(attended, 'events', { room: partsOf(key).room, epoch, events });
  }

  /** Keeps all strokes in progress, and ends when that is done: for before the rooms close. No later one is kept. */
  async keepInk(): Promise<void> {
    for (const { live } of this.#rooms.values()) live.release();
    await this.#unfinished.close();
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
        this.#metrics.frame();
        this.#tell(attended, 'f', handle, ...pairs);
      },
      onPresence: change => this.#tell(attended, 'presence', { room, ...change }),
      onUnfinished: ({ person, role }, ink) => this.#unfinished.hold({ room: key, author: { person, role }, ink }),
      onDropped: ({ person }, shape) => this.#unfinished.forget(key, person.id, shape),
    });
    const attended: AttendedRoom = { key, handle, live, attendants: new Map() };
    return attended;
  }

  /** Tells everyone in a room; of live frames, those who keep up. */
  #tell<Name extends keyof ServerToClient>(
    { attendants }: AttendedRoom,
    name: Name,
    ...args: Parameters<ServerToClient[Name]>
  ): void {
    const fact = new SharedFact(this.#namespace, name, ...args);
    for (const attendant of attendants.values()) {
      attendant.keepPace();
      if (name !== 'f' || !attendant.slow) fact.send(attendant.socket.conn);
    }
  }
}

/** The shape that an event made whole; over a partial one its author may go on drawing. */
function wholeShape(event: TimelineEvent): readonly string[] {
  const drawn = event.type === 'shape.drawn' || event.type === 'shape.completed';
  return drawn && !event.partial ? [event.stroke.id] : [];
}

/** All strokes in progress as one frame, for somebody who missed their beginnings. */
export function inkFrame(ink: readonly InkInProgress[]) {
  return ink.flatMap(stroke => [stroke.peer, ['ink', ...stroke.ink] as const]);
}
