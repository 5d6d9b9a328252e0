/**
 * The whole conversation between a client and the server over Socket.IO, in one place. What a
 * client sends is an order and is acknowledged by a typed success or refusal; what the server sends
 * is a fact. Names of what is durable are words; live frames are positional and terse, because at
 * 30 a second names would outweigh the ink.
 */
import type { Refusal } from './errors.js';
import type { InkBegin } from './shapes/stroke.js';
import type { CommandBody } from './timeline/commands/index.js';
import type { AnyEvent } from './timeline/events.js';
import type { Person, Role } from './timeline/state.js';

/** Every acknowledgement. */
export type Answer<Success> = ({ readonly ok: true } & Success) | { readonly ok: false; readonly error: Refusal };

/**
 * Sent with the namespace's CONNECT. The site rides in the handshake's query, so that Origin can be
 * judged before.
 */
export interface ConnectAuth {
  readonly token: string;
  readonly protocol: number;
}

/** A position on a timeline. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** Where a timeline ends. */
export interface Head extends Position {
  /**
   * How often something was erased for good from what is before. Who has another count has
   * something that must go, and takes a snapshot.
   */
  readonly redactions: number;
}

/**
 * Someone who is in a room just now, by one connection: two tabs of one person are two peers.
 * `peer` is a small number that live frames use; it means something only on this server and while
 * the peer is here.
 */
export interface Peer {
  readonly peer: number;
  readonly person: Person;
  readonly role: Role;
}

/** A stroke in progress, begun and so far: who joins in the middle sees it. */
export interface InkInProgress {
  readonly peer: number;
  readonly ink: InkBegin;
}

/** What a joining client is told. */
export interface Joined {
  /** The room's number in live frames, both ways; valid for this connection. */
  readonly handle: number;
  readonly title: string;
  readonly role: Role;
  readonly you: { readonly peer: number; readonly person: Person };
  readonly head: Head;
  /** The person's read position. */
  readonly read: number;
  /** Everyone who is here, the joiner too, up to LIMITS.peersListed of them. */
  readonly here: readonly Peer[];
  /** How many are here in all. */
  readonly count: number;
  readonly ink: readonly InkInProgress[];
}

/** One page of the timeline after a position. */
export type Tail =
  /** `head` is past the last of these while there is more to ask for. */
  | { readonly reset: false; readonly events: readonly AnyEvent[]; readonly head: Head }
  /** Another epoch, or too far behind: take a snapshot. */
  | { readonly reset: true; readonly head: Head };

/** One step of a live author, from client to server. */
export type LiveStep =
  /** Pen down. */
  | readonly ['ink', ...InkBegin]
  /** More points of the stroke in progress. */
  | readonly ['more', points: string]
  /** The stroke in progress will not be finished. */
  | readonly ['drop']
  /** The cursor, in board units, rounded. */
  | readonly ['at', x: number, y: number]
  /** The cursor left the board. */
  | readonly ['away']
  /** The person is writing; said again at least every LIMITS.typingLasts. 0: has stopped. */
  | readonly ['type', 0 | 1];

export interface ClientToServer {
  join(order: { readonly room: string }, answer: (answer: Answer<Joined>) => void): void;
  leave(order: { readonly room: string }, answer: (answer: Answer<object>) => void): void;
  /**
   * Success carries the seq of the event, or the timeline's end where the command changed nothing.
   * `waited`: milliseconds that it lay in an outbox before it was sent, LIMITS.waited at most; it
   * may grow each time that the command is sent again.
   */
  command(
    order: { readonly room: string; readonly id: string; readonly body: CommandBody; readonly waited?: number },
    answer: (answer: Answer<{ readonly seq: number }>) => void,
  ): void;
  /** The tail after a position, a page at a time. */
  catchup(order: { readonly room: string; readonly after: Position }, answer: (answer: Answer<Tail>) => void): void;
  /** How far the person has read; kept, and only ever moves forward. */
  read(order: { readonly room: string; readonly seq: number }, answer: (answer: Answer<object>) => void): void;
  /** A new token for the same person. */
  refresh(order: { readonly token: string }, answer: (answer: Answer<{ readonly expires: number }>) => void): void;
  /** Live steps, positional: `[handle, step…]`. Not acknowledged. */
  l(handle: number, ...steps: LiveStep[]): void;
}

/**
 * The entries of a live frame lie flat in pairs: a peer's number, then what that peer did. A string
 * is more points of its stroke in progress, by far the most frequent; everything else is a step as
 * above.
 */
export type LiveEntry = string | Exclude<LiveStep, readonly ['more', string]>;

export interface ServerToClient {
  /** First of all: until when the token holds (ms since 1970), the server's clock and version. */
  welcome(fact: { readonly expires: number; readonly now: number; readonly version: string }): void;
  /** Durable events, in order, told after they were kept. */
  events(fact: { readonly room: string; readonly epoch: string; readonly events: readonly AnyEvent[] }): void;
  /** Who came and who left since last told. */
  presence(fact: {
    readonly room: string;
    readonly came: readonly Peer[];
    readonly left: readonly number[];
    readonly count: number;
  }): void;
  /**
   * The role in a room changed with a new token; `null`: the token no longer names it, and the
   * client is out.
   */
  role(fact: { readonly room: string; readonly role: Role | null }): void;
  /** Why the server is about to close this connection. */
  bye(fact: Refusal): void;
  /** One live frame a room a tick: `[handle, peer, entry, peer, entry …]`. */
  f(handle: number, ...pairs: (number | LiveEntry)[]): void;
}
