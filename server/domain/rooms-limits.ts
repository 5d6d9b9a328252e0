/** How much waits for turns, goes into one, and is held in memory between them. */
export interface RoomsLimits {
  /** Commands decided in one turn. */
  readonly turn: number;
  /** Commands waiting in all rooms together; more are refused until there is room. */
  readonly waiting: number;
  /** Commands waiting in one room. */
  readonly waitingPerRoom: number;
  /** Rooms held in memory. */
  readonly resident: number;
  /** What the rooms held in memory may take together, in bytes; see RoomMemory.bytes. */
  readonly residentBytes: number;
  /** A room without commands for this long is let go, in milliseconds. */
  readonly idle: number;
}

export const DEFAULT_ROOMS_LIMITS: RoomsLimits = {
  turn: 1_000,
  waiting: 20_000,
  waitingPerRoom: 5_000,
  resident: 10_000,
  residentBytes: 512 * 1024 * 1024,
  idle: 5 * 60_000,
};
