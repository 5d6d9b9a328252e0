import type { Rate } from './token-bucket.js';

/**
 * Limits on one person over all their connections, and on what is accepted before the person is
 * known.
 */
export interface Rates {
  /** Commands of a person. The burst is what an outbox holds after a while offline. */
  readonly commands: Rate;
  /** Characters of a person's commands. */
  readonly commandSize: Rate;
  /** Orders: joining, leaving, tails, read positions, new tokens, and any unknown name. */
  readonly orders: Rate;
  /**
   * Live messages of a person. A client sends one every LIMITS.liveInterval for each room it is
   * active in.
   */
  readonly live: Rate;
  /** Characters of a person's live steps. */
  readonly liveSize: Rate;
  /**
   * Live messages above the rate are dropped. When this is used up too, the connection is closed.
   */
  readonly liveExcess: Rate;
  /** Points of a person's ink, kept and live. A pen makes a few hundred a second. */
  readonly points: Rate;
  /** HTTP requests of a person. */
  readonly requests: Rate;
  /** Tokens for new guests of one site. */
  readonly guests: Rate;
  /** Tokens for guests at one address. Generous, because a whole school may share one. */
  readonly guestsOfAddress: Rate;
  /** Bad tokens from one address. Tokens that were valid before are not counted. */
  readonly failures: Rate;
  /** Site checks from one address. */
  readonly checks: Rate;
  /** Packets of one connection, counted before they are parsed. */
  readonly packets: Rate;
  /** Characters of one connection's packets, counted before they are parsed. */
  readonly packetSize: Rate;
  /**
   * Points of one connection's ink, accepted or not. Above what a person may send, so only a client
   * that ignores refusals reaches it.
   */
  readonly packetPoints: Rate;
  /**
   * Frames of one connection below its packets, such as heartbeats: a client owes one in 25
   * seconds.
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
