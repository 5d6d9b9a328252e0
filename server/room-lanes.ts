import type { Actor } from './domain/decide.js';
import type { RoomKey } from './domain/room-key.js';
import { Rooms, type RoomsCounters, type RoomsOptions } from './domain/rooms.js';
import { DEFAULT_ROOMS_LIMITS, type RoomsLimits } from './domain/rooms-limits.js';
import type { Command } from './domain/room-turn.js';

/**
 * Runs turns in several lanes side by side; a room always has the same lane. A room locked by
 * another server delays only its lane, and while one lane commits, another one decides.
 */
export class RoomLanes implements Pick<Rooms, 'submit' | 'counters' | 'close'> {
  readonly #lanes: readonly Rooms[];

  /**
   * @param options as for one lane; the limits on waiting commands and on memory are divided
   *   between the lanes
   */
  constructor(count: number, options: RoomsOptions) {
    const all: RoomsLimits = { ...DEFAULT_ROOMS_LIMITS, ...options.limits };
    const share = (limit: number) => Math.ceil(limit / count);
    const { waiting, resident, residentBytes } = all;
    const shared = { waiting: share(waiting), resident: share(resident), residentBytes: share(residentBytes) };
    const limits = { ...all, ...shared };
    this.#lanes = Array.from({ length: count }, () => new Rooms({ ...options, limits }));
  }

  /** See Rooms.submit. */
  submit(room: RoomKey, actor: Actor, command: Command): Promise<number> {
    const lane = this.#lanes[laneOf(room, this.#lanes.length)];
    if (!lane) throw new RangeError('There is no lane.');
    return lane.submit(room, actor, command);
  }

  /** The sum over all lanes. */
  get counters(): RoomsCounters {
    const sum = { waiting: 0, resident: 0, working: 0, turns: 0, failedTurns: 0, events: 0 };
    for (const { counters } of this.#lanes) {
      sum.waiting += counters.waiting;
      sum.resident += counters.resident;
      sum.working += counters.working;
      sum.turns += counters.turns;
      sum.failedTurns += counters.failedTurns;
      sum.events += counters.events;
    }
    return sum;
  }

  /** See Rooms.close. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(lane => lane.close()));
  }
}

/**
 * FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/, folded so that the low bits depend on all.
 */
function laneOf(room: RoomKey, count: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < room.length; index += 1) {
    hash = Math.imul(hash ^ room.charCodeAt(index), 0x01000193);
  }
  return ((hash ^ (hash >>> 16)) >>> 0) % count;
}
