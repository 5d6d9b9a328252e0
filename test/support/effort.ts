/**
 * How much a run repeats. What chance decides is tried a few times in the gate, which every change
 * passes, and many times in `npm run prove`, for a machine with nothing else to do. What is
 * promised is asserted in both.
 */

/** How often something is tried, or how much of it. */
export interface Effort {
  /**
   * Whether a promise of so many milliseconds is held to the clock on the wall: only where nothing
   * else runs.
   */
  readonly measures: boolean;
  /**
   * A server that is killed under people who talk and draw: alone, or all processes of three nodes.
   */
  readonly kills: number;
  readonly killsOfAllNodes: number;
  /** One node of three that is killed. */
  readonly killsOfOneNode: number;
  /** Moments at which a bad network met somebody. */
  readonly badMoments: number;
  /**
   * People who are cut off in mid-stroke, in so many rooms: ten of them in each room meet ten
   * different fates.
   */
  readonly cutAuthors: number;
  readonly cutRooms: number;
  /** Packets, handshakes and requests that nobody should send. */
  readonly packets: number;
  readonly handshakes: number;
  readonly requests: number;
  /** Milliseconds for which a disk is full. */
  readonly fullDisk: number;
  /** Threads of a database that are lost. */
  readonly lostThreads: number;
  /**
   * Milliseconds for which Redis or PostgreSQL is away from all nodes, and for which one node is
   * cut off.
   */
  readonly redisAway: number;
  readonly postgresAway: number;
  readonly nodeAway: number;
}

const EFFORTS: Readonly<Record<'gate' | 'prove', Effort>> = {
  gate: {
    measures: false,
    kills: 4,
    killsOfAllNodes: 2,
    killsOfOneNode: 2,
    badMoments: 40,
    cutAuthors: 100,
    cutRooms: 10,
    packets: 8_000,
    handshakes: 500,
    requests: 1_500,
    fullDisk: 1_500,
    lostThreads: 4,
    redisAway: 5_000,
    postgresAway: 3_000,
    nodeAway: 5_000,
  },
  prove: {
    measures: true,
    kills: 20,
    killsOfAllNodes: 6,
    killsOfOneNode: 10,
    badMoments: 200,
    cutAuthors: 1_000,
    cutRooms: 20,
    packets: 80_000,
    handshakes: 5_000,
    requests: 15_000,
    fullDisk: 4_000,
    lostThreads: 6,
    redisAway: 20_000,
    postgresAway: 5_000,
    nodeAway: 10_000,
  },
};

/**
 * Set by `npm run prove`; also by hand, for one file: `CHALK_TALK_TEST_EFFORT=prove npm run
 * test:faults -- rough`.
 */
export const isProving = process.env['CHALK_TALK_TEST_EFFORT'] === 'prove';

export const EFFORT = EFFORTS[isProving ? 'prove' : 'gate'];

/**
 * A bound in milliseconds that a product promises: itself where it is measured, else what nobody
 * waits for in vain.
 */
export function promised(milliseconds: number): number {
  return EFFORT.measures ? milliseconds : Infinity;
}
