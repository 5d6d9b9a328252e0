import { RefusedError } from '../../protocol/errors.js';
import type { CommandQueue } from './command-queue.js';
import type { FailingRooms } from './failing-rooms.js';
import type { ResidentRooms } from './resident-rooms.js';
import type { RoomKey } from './room-key.js';
import { StorageError } from './storage.js';
import type { Batch, TurnResult, Submission, TurnRunner } from './turn-runner.js';

/**
 * The most rooms of one turn that have to be loaded. A room is loaded whole while the rows of all
 * rooms of the turn are locked, so hundreds would exceed the statement timeout, and would again at
 * the next try. This many full boards (20,000 shapes each) took less than the five seconds of
 * PostgreSQL on two busy cores; ordinary boards take milliseconds.
 */
export const MOST_LOADED = 16;

/** When to try again, in milliseconds, after a turn failed or too many commands wait. */
export const RETRY_AFTER = 1_000;

/**
 * After so many failed turns in a row the rest of a batch is refused: the cause is not one room.
 * With one bad room at most four fail in a row: the whole batch, the rooms in memory, a part of
 * these, and the room itself.
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
 * Runs a batch, and isolates the room that makes it fail. If a turn fails and one room may be the
 * cause, the rooms are tried again in smaller parts, so that only that room is refused. Commands of
 * one room always keep their order.
 */
export class BatchRunner {
  readonly #options: BatchRunnerOptions;
  #turns = 0;
  #failedTurns = 0;
  #events = 0;

  constructor(options: BatchRunnerOptions) {
    this.#options = options;
  }

  /** Turns so far, how many of them failed in storage, and the events that the others appended. */
  get counters(): { readonly turns: number; readonly failedTurns: number; readonly events: number } {
    return { turns: this.#turns, failedTurns: this.#failedTurns, events: this.#events };
  }

  /**
   * Decides and keeps a batch, or refuses it.
   * @returns tells people what happened, in the order of the turns
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
   * Splits a batch that failed. The rooms that had to be loaded are the likeliest cause: all others
   * go together first, then each of these alone. If all or none had to be loaded, the batch is
   * split into parts of MOST_LOADED rooms, and then into single rooms.
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
      // Commands that arrived meanwhile are refused as well.
      refuse(new Map([[room, queue.empty(room)]]), fault, rest);
    }
  }
}

/**
 * Whether the other rooms of a failed turn may succeed without one of them. Not when storage is
 * away, or when the turn may have been kept.
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
