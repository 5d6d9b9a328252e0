import type { InkInProgress, Position } from '../../protocol/conversation.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { Revocations } from '../auth/revocations.js';
import type { SiteDirectory } from '../auth/site-directory.js';
import type { Clock } from '../clock.js';
import type { Cluster } from '../cluster/cluster.js';
import { partsOf, type RoomKey } from '../domain/room-key.js';
import type { Rooms } from '../domain/rooms.js';
import type { Kinds } from '../kinds.js';
import type { Metrics } from '../metrics/metrics.js';
import { AttendedRoom } from './attended-room.js';
import { UnfinishedStrokes } from './live/unfinished-strokes.js';
import type { PeopleNamespace } from './people.js';

export interface AttendedRoomsOptions {
  readonly kinds: Pick<Kinds, 'events'>;
  readonly namespace: Pick<PeopleNamespace, 'name'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /**
   * Where the strokes of those who vanish are kept; nobody waits for an acknowledgement of that, so
   * the others need not be heard.
   */
  readonly rooms: Pick<Rooms, 'submit'>;
  readonly sites: Pick<SiteDirectory, 'site'> & { readonly revocations: Pick<Revocations, 'has'> };
  readonly cluster: Pick<Cluster, 'link'>;
  /** Whether no other node serves the same storage. */
  readonly isAlone: boolean;
}

/**
 * Milliseconds for which a room is listened to that nobody is in any more, where there are other
 * nodes. To begin anew makes work for all of them, and whoever comes and goes again and again would
 * make them do it each time.
 */
const LINGER = 5_000;

/**
 * The rooms that somebody of this node is in just now. One in which a stroke waits for its author
 * is listened to as well: they may be back on another node, drawing on or dropping it.
 */
export class AttendedRooms {
  readonly #options: AttendedRoomsOptions;
  readonly #unfinished: UnfinishedStrokes;
  readonly #rooms = new Map<RoomKey, AttendedRoom>();
  /** Those that nobody may be in, until it is looked again. */
  readonly #lingering = new Map<RoomKey, () => void>();
  #lastHandle = 0;

  constructor(options: AttendedRoomsOptions) {
    this.#options = options;
    const { clock, rooms, sites } = options;
    this.#unfinished = new UnfinishedStrokes({
      clock,
      rooms,
      isDrawnOn: ({ room, author, ink: [shape] }) =>
        this.#rooms.get(room)?.live.isDrawing(author.person.id, shape) ?? false,
      mayBeKept: ({ room, author }) => {
        const { site } = partsOf(room);
        return sites.site(site) !== undefined && !sites.revocations.has(site, 'person', author.person.id);
      },
      onRest: room => this.#letGo(room),
    });
  }

  /** Those that somebody of this node is in. */
  get all(): readonly AttendedRoom[] {
    return [...this.#rooms.values()].filter(({ size }) => size > 0);
  }

  /** How many peers are in a room, as far as it is known here. */
  count(key: RoomKey): number {
    return this.#rooms.get(key)?.live.count ?? 0;
  }

  /** How far a room's timeline has been told here; undefined where nobody is in it. */
  told(key: RoomKey): Position | undefined {
    return this.#rooms.get(key)?.told;
  }

  /**
   * The room, come into being where nobody was in it. Whoever asks puts somebody into it at once.
   */
  attend(key: RoomKey): AttendedRoom {
    let attended = this.#rooms.get(key);
    if (!attended) {
      this.#lastHandle += 1;
      const { namespace, clock, metrics, cluster, kinds } = this.#options;
      attended = new AttendedRoom({
        ...{ key, handle: this.#lastHandle, namespace: namespace.name },
        ...{ clock, metrics, cluster, unfinished: this.#unfinished, events: kinds.events },
      });
      this.#rooms.set(key, attended);
    }
    return attended;
  }

  /** Takes a peer out of a room, and lets go of a room that is empty then. */
  leave(attended: AttendedRoom, peer: number): void {
    attended.leave(peer);
    if (attended.size === 0) this.#letGo(attended.key);
  }

  /** Tells a room what was kept. */
  announce(key: RoomKey, epoch: string, events: readonly AnyEvent[]): void {
    this.#rooms.get(key)?.announce(epoch, events);
  }

  /**
   * Keeps all strokes in progress, and ends when that is done: for before the rooms close. No later
   * one is kept.
   */
  async keepInk(): Promise<void> {
    for (const { live } of this.#rooms.values()) live.release();
    await this.#unfinished.close();
  }

  close(): void {
    for (const cancel of this.#lingering.values()) cancel();
    this.#lingering.clear();
    for (const attended of this.#rooms.values()) attended.close();
    this.#rooms.clear();
  }

  /**
   * Lets go of a room that nobody needs; where there are other nodes before long, if nobody does
   * then.
   */
  #letGo(key: RoomKey): void {
    const { isAlone, clock } = this.#options;
    if (isAlone) return this.#letGoNow(key);
    if (!this.#rooms.has(key) || this.#lingering.has(key)) return;
    const cancel = clock.after(LINGER, () => {
      this.#lingering.delete(key);
      this.#letGoNow(key);
    });
    this.#lingering.set(key, cancel);
  }

  #letGoNow(key: RoomKey): void {
    const attended = this.#rooms.get(key);
    if (!attended || attended.size > 0 || this.#unfinished.waitsIn(key)) return;
    this.#rooms.delete(key);
    attended.close();
  }
}

/** All strokes in progress as one frame, for somebody who missed their beginnings. */
export function inkFrame(ink: readonly InkInProgress[]) {
  return ink.flatMap(stroke => [stroke.peer, ['ink', ...stroke.ink] as const]);
}
