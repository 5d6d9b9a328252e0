/** The limits that both sides know. A client that keeps them is never refused for size. */
export const LIMITS = {
  /** Characters (UTF-16 units) of a message's text. */
  messageText: 4_000,
  /** Characters of a person's display name. */
  personName: 64,
  /** Characters of a stroke's encoded points; a longer stroke is split by the client. */
  strokePoints: 48_000,
  /** Characters of encoded points in one live frame. */
  livePoints: 2_000,
  /**
   * Characters of a shape as JSON, without times: a stroke of so many points, and what is said
   * around them.
   */
  shapeCharacters: 48_500,
  /** Characters of the encoded times of a stroke's points. */
  strokeTimes: 24_000,
  /**
   * Longest wait in an outbox that is told with a command, in milliseconds: what is older is not
   * sent.
   */
  waited: 14 * 24 * 60 * 60_000,
  /** Shapes named by one command. */
  shapesPerCommand: 500,
  /** Visible shapes on a board. */
  shapesPerBoard: 20_000,
  /** What all visible shapes on a board may weigh together; see `weight` in shapes/shape.ts. */
  weightPerBoard: 8_000_000,
  /** Farthest coordinate from the origin, in board units. */
  boardExtent: 1_000_000,
  /** Messages in a snapshot, and on a page of history. */
  messagesPerPage: 50,
  /** Events on a page of catch-up. */
  eventsPerPage: 500,
  /** A client that is further behind than this takes a snapshot instead of the tail. */
  eventsToCatchUp: 2_000,
  /** Own commands that can be undone. */
  undoDepth: 100,
  /** Connections one person may have to a site. */
  connectionsPerPerson: 50,
  /** Rooms one connection may be in. */
  roomsPerConnection: 50,
  /** Peers listed one by one in a room; the rest are counted. */
  peersListed: 200,
  /** Bytes of one packet from a client. */
  packetBytes: 100_000,
  /** Nesting of arrays and objects in a packet. */
  packetDepth: 12,
  /** Bytes of a token. */
  tokenBytes: 8_192,
  /** Longest life of a person's token, in seconds. */
  tokenLifetime: 24 * 60 * 60,
  /** Tolerated difference between clocks when a token is judged, in seconds. */
  clockSkew: 5,
  /** How often a client sends live frames, and the server's tick, in milliseconds. */
  liveInterval: 33,
  /** The tick of a busy room, in milliseconds. */
  liveIntervalBusy: 50,
  /** How long typing is shown without a new sign of it, in milliseconds. */
  typingLasts: 5_000,
  /**
   * How long a client waits on a gap in the timeline before it asks for what is missing, in
   * milliseconds.
   */
  gapPatience: 150,
} as const;
