import { isPassing, RefusedError } from '../../../protocol/errors.js';
import { newCommandId } from '../../../protocol/names.js';
import { type InkBegin, strokeOf } from '../../../protocol/shapes/stroke.js';
import { VANISHED_GRACE } from '../../../protocol/timeline/grace.js';
import type { Clock } from '../../clock.js';
import { keepUnfinished } from '../../domain/commands/shape-keep.js';
import type { Actor } from '../../domain/decide.js';
import type { RoomKey } from '../../domain/room-key.js';
import type { Rooms } from '../../domain/rooms.js';

/** A stroke that was in progress when its author vanished. */
export interface UnfinishedStroke {
  readonly room: RoomKey;
  /** As they were when they drew it. */
  readonly author: Actor;
  /** All of it so far. */
  readonly ink: InkBegin;
}

export interface UnfinishedStrokesOptions {
  readonly clock: Clock;
  readonly rooms: Pick<Rooms, 'submit'>;
  /** Whether its author is back and draws on: then there is nothing to keep yet. */
  readonly isDrawnOn: (stroke: UnfinishedStroke) => boolean;
  /**
   * Whether it may still be kept: its site may have been removed meanwhile, or its author revoked.
   */
  readonly mayBeKept: (stroke: UnfinishedStroke) => boolean;
  /** Told where nothing waits in a room any more. */
  readonly onRest: (room: RoomKey) => void;
  readonly limits?: Partial<UnfinishedLimits>;
}

/** What waits in all rooms together. Beyond it the oldest is kept early. */
export interface UnfinishedLimits {
  readonly strokes: number;
  /** Characters of their points. */
  readonly characters: number;
}

/** As many strokes as a site has connections by default. */
const DEFAULT_LIMITS: UnfinishedLimits = { strokes: 10_000, characters: 16_000_000 };

interface Waiting {
  readonly stroke: UnfinishedStroke;
  /** The same however often keeping it is tried, so that it is kept once. */
  readonly command: string;
  readonly until: number;
}

/**
 * The strokes whose authors vanished while they drew: each waits a grace for its author, whether
 * anybody is left in its room or not, and is then kept as a partial shape. An author who finishes
 * comes first or later, all the same: the room knows the shape's id.
 */
export class UnfinishedStrokes {
  readonly #options: UnfinishedStrokesOptions;
  readonly #limits: UnfinishedLimits;
  /** By room, shape and person; all wait equally long, so those that waited longest come first. */
  readonly #waiting = new Map<string, Waiting>();
  /** How many wait in each room. */
  readonly #inRoom = new Map<RoomKey, number>();
  readonly #underWay = new Set<Promise<void>>();
  #characters = 0;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: UnfinishedStrokesOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Whether any of them waits in a room. */
  waitsIn(room: RoomKey): boolean {
    return this.#inRoom.has(room);
  }

  /**
   * The author of a stroke vanished: their grace begins. Of a stroke that waits already the longer
   * part counts.
   */
  hold(stroke: UnfinishedStroke): void {
    if (this.#closed) return;
    this.#put({ stroke, command: newCommandId() });
    this.#wake(VANISHED_GRACE);
    for (const waiting of this.#waiting.values()) {
      if (this.#holds(0, 0)) break;
      this.#keep(waiting);
    }
  }

  /** Its author does not want it. */
  forget(room: RoomKey, person: string, shape: string): void {
    if (this.#take(keyOf(room, person, shape))) this.#rest(room);
  }

  /**
   * Waits for nobody any longer, and ends when all is kept that could be. Harmless when called
   * again.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    for (const waiting of this.#waiting.values()) this.#keep(waiting);
    await Promise.all(this.#underWay);
  }

  /** Whether there is place for what waits and for so much more. */
  #holds(strokes: number, characters: number): boolean {
    return (
      this.#waiting.size + strokes <= this.#limits.strokes && this.#characters + characters <= this.#limits.characters
    );
  }

  #put({ stroke, command }: Omit<Waiting, 'until'>): void {
    const key = keyOf(stroke.room, stroke.author.person.id, stroke.ink[0]);
    const before = this.#take(key);
    const until = this.#options.clock.now() + VANISHED_GRACE;
    const isLonger = !before || lengthOf(stroke) > lengthOf(before.stroke);
    const waiting = isLonger ? { stroke, command, until } : { ...before, until };
    this.#waiting.set(key, waiting);
    this.#inRoom.set(stroke.room, (this.#inRoom.get(stroke.room) ?? 0) + 1);
    this.#characters += lengthOf(waiting.stroke);
  }

  #take(key: string): Waiting | undefined {
    const waiting = this.#waiting.get(key);
    if (!waiting) return undefined;
    const { room } = waiting.stroke;
    const others = (this.#inRoom.get(room) ?? 0) - 1;
    if (others > 0) this.#inRoom.set(room, others);
    else this.#inRoom.delete(room);
    this.#waiting.delete(key);
    this.#characters -= lengthOf(waiting.stroke);
    return waiting;
  }

  #rest(room: RoomKey): void {
    if (!this.waitsIn(room)) this.#options.onRest(room);
  }

  #wake(delay: number): void {
    this.#cancel ??= this.#options.clock.after(delay, () => this.#look());
  }

  /** Looks who has waited long enough. */
  #look(): void {
    this.#cancel = undefined;
    const now = this.#options.clock.now();
    for (const waiting of this.#waiting.values()) {
      if (waiting.until > now) return this.#wake(waiting.until - now);
      if (this.#options.isDrawnOn(waiting.stroke)) this.#put(waiting);
      else this.#keep(waiting);
    }
  }

  #keep({ stroke, command }: Waiting): void {
    const { room, author, ink } = stroke;
    this.#take(keyOf(room, author.person.id, ink[0]));
    this.#rest(room);
    if (!this.#options.mayBeKept(stroke)) return;
    const work = this.#options.rooms.submit(room, author, { id: command, body: keepUnfinished(strokeOf(ink)) }).then(
      () => undefined,
      (fault: unknown) => {
        // What the room won't have is nobody's loss but its author's, who has it. Who can't write
        // just now is asked again, while there is place.
        const mayPass = fault instanceof RefusedError && fault.code !== 'internal' && isPassing(fault.code);
        if (!mayPass || this.#closed || !this.#holds(1, lengthOf(stroke))) return;
        this.#put({ stroke, command });
        this.#wake(VANISHED_GRACE);
      },
    );
    this.#underWay.add(work);
    void work.then(() => this.#underWay.delete(work));
  }
}

/** None of the three holds a space. */
function keyOf(room: RoomKey, person: string, shape: string): string {
  return `${room} ${shape} ${person}`;
}

function lengthOf({ ink }: UnfinishedStroke): number {
  return ink[5].length;
}
