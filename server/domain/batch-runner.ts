import { RefusedError } from '../../protocol/errors.js';
import type { CommandQueue } from './command-queue.js';
import type { FailingRooms } from './failing-rooms.js';
import type { ResidentRooms } from './resident-rooms.js';
import type { RoomKey } from './room-key.js';
import { StorageError } from './storage.js';
import type { Batch, TurnResult, Submission, TurnRunner } from './turn-runner.js';

/**
 * Rooms without memory in one turn at most. Each is loaded whole while the rows of all rooms of the
 * turn are held: hundreds of them would take longer than storage gives a statement, and as long the
 * next time. So many full boards (20,000 shapes each) still took less than the five seconds of
 * PostgreSQL on two cores that had other work; boards as people leave them take milliseconds.
 */
export const MOST_LOADED = 16;

/** When to come again, in milliseconds, after a turn failed or where too many are waiting. */
export const RETRY_AFTER = 1_000;

/**
 * After so many failed turns in a row what is left of a batch is refused: it is not for one room.
 * Of a batch with one bad room four at most fail in a row: the whole, those that are in memory, a
 * part of these, and the room itself.
 */
const MOST_FAILED = 6;

export interface BatchRunnerOptions {
  readonly turns: Pick<TurnRunner, 'run'>;
  readonly queue: CommandQueue<Submission>;
  readonly resident: ResidentRooms;
  readonly failing: FailingRooms;
  /** See RoomsOptions. */
  readonly now: () => number;
  readonly report: (fault: unknown) => void;
}

/**
 * Sees a batch through, also where its turn fails: a fault that may be that of one room costs that
 * room alone. The others are taken again without it, and whatever happens, each command of a room
 * is dealt with before the next one is.
 */
export class BatchRunner {
  readonly #options: BatchRunnerOptions;
  #turns = 0;
  #failedTurns = 0;
  #events = 0;

  constructor(options: BatchRunnerOptions) {
    this.#options = options;
  }

  /** Turns so far, how many of them storage failed, and the events that the others kept. */
  get counters(): { readonly turns: number; readonly failedTurns: number; readonly events: number } {
    return { turns: this.#turns, failedTurns: this.#failedTurns, events: this.#events };
  }

  /**
   * Has a batch decided and kept, or refused.
   * @returns what tells people of it, in order of the turns
   */
  async run(batch: Batch): Promise<() => void> {
    const parts = [batch];
    let failed = 0;
    for (let part = parts.shift(); part; part = parts.shift()) {
      const result = await this.#run(part);
      if (!('fault' in result)) {
        if (part === batch) return result.tell;
        result.tell();
        failed = 0;
        continue;
      }
      failed += 1;
      const { fault } = result;
      if (!maySpareOthers(fault) || failed === MOST_FAILED) {
        for (const each of [part, ...parts]) refuse(each, fault, RETRY_AFTER);
        break;
      }
      if (part.size > 1) parts.unshift(...this.#apart(part));
      else this.#failAlone(part, fault);
    }
    return () => undefined;
  }

  async #run(batch: Batch): Promise<TurnResult> {
    const { turns, queue, failing, report } = this.#options;
    this.#turns += 1;
    const result = await turns.run(batch);
    if ('fault' in result) {
      this.#failedTurns += 1;
      report(result.fault);
      return result;
    }
    this.#events += result.events;
    for (const room of batch.keys()) failing.recovered(room);
    for (const [room, submissions] of result.left) queue.putBack(room, submissions);
    return result;
  }

  /**
   * Parts of a batch that failed. Most suspect are the rooms that have to be loaded: each is taken
   * by itself, after all the others together. Where nothing tells them apart they are taken by so
   * many as may be loaded at once, and then one by one.
   */
  #apart(batch: Batch): readonly Batch[] {
    const { resident } = this.#options;
    const rooms = [...batch];
    const held = rooms.filter(([room]) => resident.has(room));
    const unknown = rooms.filter(([room]) => !resident.has(room));
    if (held.length > 0 && unknown.length > 0) return [new Map(held), ...inParts(unknown, 1)];
    return inParts(rooms, batch.size > MOST_LOADED ? MOST_LOADED : 1);
  }

  #failAlone(batch: Batch, fault: unknown): void {
    const { queue, failing, now, report } = this.#options;
    refuse(batch, fault, RETRY_AFTER);
    for (const room of batch.keys()) {
      failing.failed(room, now());
      const rest = failing.rest(room, now());
      if (rest === 0) continue;
      report(new Error(`The room ${room} fails by itself, and rests for ${rest} ms.`, { cause: fault }));
      // What came meanwhile is refused as well.
      refuse(new Map([[room, queue.empty(room)]]), fault, rest);
    }
  }
}

/**
 * Whether other rooms of the turn may fare better without one of them. Where storage is away, or
 * may have kept the turn, none does.
 */
function maySpareOthers(fault: unknown): boolean {
  const reason = fault instanceof RefusedError ? fault.cause : fault;
  return !(reason instanceof StorageError) || reason.sparesOthers;
}

function inParts(rooms: readonly (readonly [RoomKey, readonly Submission[]])[], size: number): readonly Batch[] {
  const count = Math.ceil(rooms.length / size);
  return Array.from({ length: count }, (_, index) => new Map(rooms.slice(index * size, (index + 1) * size)));
}

function refuse(batch: Batch, cause: unknown, retryAfter: number): void {
  for (const submissions of batch.values()) {
    for (const { reject } of submissions) reject(new RefusedError('unavailable', { retryAfter, cause }));
  }
}
