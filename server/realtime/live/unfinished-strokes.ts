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
  /** The author as they were when they drew it. */
  readonly author: Actor;
  /** The whole stroke so far. */
  readonly ink: InkBegin;
}

export interface UnfinishedStrokesOptions {
  readonly clock: Clock;
  readonly rooms: Pick<Rooms, 'submit'>;
  /** Whether its author is back and drawing it: then it is not kept yet. */
  readonly isDrawnOn: (stroke: UnfinishedStroke) => boolean;
  /** Whether it may still be kept: the site may be removed, or the author revoked. */
  readonly mayBeKept: (stroke: UnfinishedStroke) => boolean;
  /** Called when no stroke waits in a room any more. */
  readonly onRest: (room: RoomKey) => void;
  readonly limits?: Partial<UnfinishedLimits>;
}

/** Limits on what waits in all rooms together. Beyond them the oldest stroke is kept early. */
export interface UnfinishedLimits {
  readonly strokes: number;
  /** Characters of their points. */
  readonly characters: number;
}

/** As many strokes as a site has connections by default. */
const DEFAULT_LIMITS: UnfinishedLimits = { strokes: 10_000, characters: 16_000_000 };

interface Waiting {
  readonly stroke: UnfinishedStroke;
  /** One command id for all attempts, so that it is kept once. */
  readonly command: string;
  readonly until: number;
}

/**
 * Strokes whose authors vanished while drawing. Each waits a grace period for its author, even in
 * an empty room, and is then kept as a partial shape. The author may still finish it before or
 * after that: the room knows the shape's id.
 */
export class UnfinishedStrokes {
  readonly #options: UnfinishedStrokesOptions;
  readonly #limits: UnfinishedLimits;
  /** By room, shape and person. All wait equally long, so the oldest comes first. */
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

  /** Starts the grace period of a stroke. If it waits already, the longer part counts. */
  hold(stroke: UnfinishedStroke): void {
    if (this.#closed) return;
    this.#put({ stroke, command: newCommandId() });
    this.#wake(VANISHED_GRACE);
    for (const waiting of this.#waiting.values()) {
      if (this.#holds(0, 0)) break;
      this.#keep(waiting);
    }
  }

  /** The author dropped it. */
  forget(room: RoomKey, person: string, shape: string): void {
    if (this.#take(keyOf(room, person, shape))) this.#rest(room);
  }

  /**
   * Waits no longer, and resolves once everything that can be kept is kept. Harmless when called
   * again.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    for (const waiting of this.#waiting.values()) this.#keep(waiting);
    await Promise.all(this.#underWay);
  }

  /** Whether there is room for so much more. */
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

  /** Keeps the strokes whose grace period is over. */
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
        // A stroke that the room refuses is dropped: its author still has it. After a fault that
        // may pass it is tried again, while there is room.
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
