/** Limits on the commands that wait, on the size of a turn, and on the rooms in memory. */
export interface RoomsLimits {
  /** Commands decided in one turn. */
  readonly turn: number;
  /** Commands waiting in all rooms together. Beyond that, commands are refused. */
  readonly waiting: number;
  /** Commands waiting in one room. */
  readonly waitingPerRoom: number;
  /** Rooms held in memory. */
  readonly resident: number;
  /** The size of all rooms in memory, in bytes; see RoomMemory.bytes. */
  readonly residentBytes: number;
  /** After how long without commands a room leaves memory, in milliseconds. */
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
