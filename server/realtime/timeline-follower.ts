import type { Position } from '../../protocol/conversation.js';
import { RefusedError } from '../../protocol/errors.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { Clock } from '../clock.js';
import type { Cluster } from '../cluster/cluster.js';
import type { RoomKey } from '../domain/room-key.js';
import { type RoomStorage, StorageError } from '../domain/storage.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { AttendedRoom } from './attended-room.js';
import type { AttendedRooms } from './attended-rooms.js';
import { timelineTail } from './timeline-tail.js';

export interface TimelineFollowerOptions {
  readonly storage: Pick<RoomStorage, 'head' | 'heads' | 'tail' | 'turn'>;
  readonly attendedRooms: Pick<AttendedRooms, 'all'>;
  readonly cluster: Pick<Cluster, 'onConnected'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'missed'>;
  readonly log: Logger;
}

/**
 * What the log says of a room that goes on in another epoch than the one in which people were told
 * of it.
 */
export const LOST = 'the database has lost what people were told';

/** Milliseconds from one look to the next. */
const LOOK_EVERY = 1_000;
/** What is kept and not told here for so long, in milliseconds, is not on its way any more. */
const UNDER_WAY = 500;
/** Rooms asked for at once. */
const ROOMS_AT_ONCE = 1_000;
/** Rooms whose timelines are read at one time. */
const READ_AT_ONCE = 8;

/**
 * Looks in storage for what other nodes kept and this one was not told: what goes between nodes may
 * be lost, and the node that kept it may die before it tells. People are told no more of a room
 * than fits on a page of its timeline. Where it is more they are told the newest event alone, and
 * ask for what is before it: clients do that wherever they see a gap. Where storage ends before
 * what was told, it has the room begin a new epoch.
 */
export class TimelineFollower {
  readonly #options: TimelineFollowerOptions;
  readonly #stopListening: () => void;
  #cancel: () => void = () => undefined;
  #isLooking = false;
  /** Whether to look again right after the look that is under way. */
  #again = false;
  #closed = false;

  constructor(options: TimelineFollowerOptions) {
    this.#options = options;
    // Whatever was told meanwhile was told to nobody here.
    this.#stopListening = options.cluster.onConnected(connected => {
      if (connected) this.#start();
    });
    this.#wait();
  }

  /** Harmless when called again. */
  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#cancel();
  }

  #wait(): void {
    this.#cancel();
    if (!this.#closed) this.#cancel = this.#options.clock.after(LOOK_EVERY, () => this.#start());
  }

  #start(): void {
    this.#again = this.#isLooking;
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#cancel();
    void this.#look()
      .catch((fault: unknown) => {
        // What storage can't do just now it logs itself; the next look comes.
        const isPassing = fault instanceof RefusedError || fault instanceof StorageError;
        if (!isPassing) this.#options.log.error({ err: fault }, 'timelines could not be followed');
      })
      .then(() => {
        this.#isLooking = false;
        if (this.#again && !this.#closed) this.#start();
        else this.#wait();
      });
  }

  async #look(): Promise<void> {
    const { clock, metrics, log } = this.#options;
    const behind = await this.#behind();
    if (behind.size === 0) return;
    await new Promise<void>(resolve => {
      const cancel = clock.after(UNDER_WAY, resolve);
      this.#cancel = () => {
        cancel();
        resolve();
      };
    });
    const missing = [...behind].filter(([{ told }, head]) => isBehind(told, head)).map(([attended]) => attended);
    let events = 0;
    for (let from = 0; from < missing.length && !this.#closed; from += READ_AT_ONCE) {
      const counts = await Promise.all(missing.slice(from, from + READ_AT_ONCE).map(room => this.#tell(room)));
      events += counts.reduce((sum, count) => sum + count, 0);
    }
    if (events === 0) return;
    metrics.missed(events);
    log.info({ rooms: missing.length, events }, 'found in storage what nobody had told');
  }

  /** The rooms whose timelines are farther than was told here, or others. */
  async #behind(): Promise<Map<AttendedRoom, Position>> {
    const { storage, attendedRooms } = this.#options;
    const looked = attendedRooms.all.filter(({ told }) => told !== undefined);
    const behind = new Map<AttendedRoom, Position>();
    for (let from = 0; from < looked.length; from += ROOMS_AT_ONCE) {
      const rooms = looked.slice(from, from + ROOMS_AT_ONCE).map(attended => ({ attended, told: attended.told }));
      const heads = await storage.heads(rooms.map(({ attended }) => attended.key));
      for (const { attended, told } of rooms) {
        const found = heads.get(attended.key) ?? (await this.#emptied(attended));
        const head = found && isSetBack(told, found) ? await this.#renew(attended.key, told, found) : found;
        if (head && isBehind(attended.told, head)) behind.set(attended, head);
      }
    }
    return behind;
  }

  /** A room that has no place in storage: it may have had one, with a timeline that is gone. */
  async #emptied({ key, told }: AttendedRoom): Promise<Position | undefined> {
    return told && told.seq > 0 ? this.#options.storage.head(key) : undefined;
  }

  /**
   * Has a room go on in a new epoch whose timeline storage has lost the end of; see TurnRequest.
   * @returns where it then stands
   */
  async #renew(room: RoomKey, told: Position | undefined, found: Position): Promise<Position> {
    const { storage, log } = this.#options;
    // Said first: whatever fails from here on, the operator has to know.
    log.warn({ room, told: told?.seq, kept: found.seq }, LOST);
    await storage.turn([{ room, after: undefined, told, commands: [], undos: [], shapes: [], messages: [] }], () => []);
    return storage.head(room);
  }

  /** @returns how many events it told */
  async #tell(attended: AttendedRoom): Promise<number> {
    const { told } = attended;
    if (!told) return 0;
    const { storage } = this.#options;
    const tail = await timelineTail(storage, attended.key, told);
    const last = tail.reset ? undefined : tail.events.at(-1);
    const isWhole = last?.seq === tail.head.seq;
    const events = !tail.reset && isWhole ? tail.events : await newest(storage, attended.key, tail.head);
    // It may have been told while storage was read.
    if (attended.size === 0 || !isBehind(attended.told, tail.head)) return 0;
    attended.announce(tail.head.epoch, events);
    return events.length;
  }
}

function isBehind(told: Position | undefined, head: Position): boolean {
  return told !== undefined && (told.epoch !== head.epoch || told.seq < head.seq);
}

/** @param told before storage was asked, so that storage must have it */
function isSetBack(told: Position | undefined, head: Position): boolean {
  return told !== undefined && told.epoch === head.epoch && told.seq > head.seq;
}

/**
 * None where the timeline is a new one without events: that it is another one is told all the same.
 */
async function newest(
  storage: Pick<RoomStorage, 'tail'>,
  room: RoomKey,
  { seq }: Position,
): Promise<readonly AnyEvent[]> {
  return seq === 0 ? [] : storage.tail(room, seq - 1, 1);
}
