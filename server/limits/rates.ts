import type { Rate } from './token-bucket.js';

/**
 * What one person may do over all their connections, and what is taken before anybody knows who it
 * is.
 */
export interface Rates {
  /** Commands of a person. The burst is what an outbox holds after a while offline. */
  readonly commands: Rate;
  /** Characters of a person's commands. */
  readonly commandSize: Rate;
  /**
   * Joining, leaving, asking for the tail, read positions, new tokens, and whatever has another
   * name.
   */
  readonly orders: Rate;
  /**
   * Live messages of a person. A client sends one every LIMITS.liveInterval in each room that it is
   * busy in.
   */
  readonly live: Rate;
  /** Characters of a person's live steps. */
  readonly liveSize: Rate;
  /**
   * Live messages over the rate: they are dropped, and when this is used up too the connection is
   * closed.
   */
  readonly liveExcess: Rate;
  /** Points of a person's ink, kept and live. A pen makes a few hundred a second. */
  readonly points: Rate;
  /** HTTP requests of a person. */
  readonly requests: Rate;
  /** Tokens for new guests of one site. */
  readonly guests: Rate;
  /** Tokens for guests at one address. Generous: a whole school is one. */
  readonly guestsOfAddress: Rate;
  /**
   * Tokens from one address that were no good. What was good before is not counted, nor held up.
   */
  readonly failures: Rate;
  /** Questions whether a connection would be let in, from one address. */
  readonly checks: Rate;
  /** Packets of one connection, before they are read. */
  readonly packets: Rate;
  /** Characters of one connection's packets, before they are read. */
  readonly packetSize: Rate;
  /**
   * Points of one connection's ink, whether they are taken or not: more than a person may, so that
   * only who goes on regardless meets it.
   */
  readonly packetPoints: Rate;
  /**
   * Heartbeats of one connection and whatever else is said below its packets: it is asked for one
   * in 25 seconds.
   */
  readonly beats: Rate;
}

export const DEFAULT_RATES: Rates = {
  commands: { perSecond: 30, burst: 300 },
  commandSize: { perSecond: 100_000, burst: 1_000_000 },
  orders: { perSecond: 20, burst: 200 },
  live: { perSecond: 150, burst: 300 },
  liveSize: { perSecond: 60_000, burst: 240_000 },
  liveExcess: { perSecond: 5, burst: 1_000 },
  points: { perSecond: 10_000, burst: 100_000 },
  requests: { perSecond: 10, burst: 100 },
  guests: { perSecond: 50, burst: 500 },
  guestsOfAddress: { perSecond: 10, burst: 300 },
  failures: { perSecond: 200, burst: 2_000 },
  checks: { perSecond: 5, burst: 100 },
  packets: { perSecond: 400, burst: 2_000 },
  packetSize: { perSecond: 400_000, burst: 4_000_000 },
  packetPoints: { perSecond: 20_000, burst: 200_000 },
  beats: { perSecond: 2, burst: 60 },
};
