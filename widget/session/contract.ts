/**
 * What the session offers to whoever shows it: the element, a custom front end, a bot. No DOM here,
 * and no Lit; the same code runs in browsers and in Node.
 */
import type { Refusal } from '../../protocol/errors.js';
import type { ShapeForm } from '../../protocol/shapes/index.js';
import type { InkBegin } from '../../protocol/shapes/stroke.js';
import type { CommandTarget, CommandType } from '../../protocol/timeline/commands/index.js';
import type { Person, Role, Shape } from '../../protocol/timeline/state.js';

/** How to get in. */
export interface ConnectOptions {
  /** Origin of the backend, `https://chalk.example.com`. */
  readonly server: string;
  /** The site's id. */
  readonly site: string;
  /**
   * Gives a token, and a fresh one each time it is asked: at first, before the last one ends, and
   * after it was refused.
   */
  readonly getToken: (reason: TokenReason) => Promise<string>;
  /** Transports in order of preference; default `['websocket', 'polling']`. */
  readonly transports?: readonly ('websocket' | 'polling')[];
}

export type TokenReason = 'connect' | 'refresh' | 'refused';

/**
 * - `connecting`: the first connection is being made
 * - `connected`: in the room, and the timeline is complete
 * - `reconnecting`: the connection was lost and is being made again; work goes on
 * - `offline`: the device says that it has no network; work goes on
 * - `refused`: the server said no, `refusal` says why; nothing is tried until something changes
 * - `closed`: `close()` was called
 */
export type Status = 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'refused' | 'closed';

/** A message as it is shown: acknowledged, or still in the outbox. */
export interface MessageView {
  /**
   * Stable over its whole life, from pending to acknowledged: the command's id where it is ours,
   * else the seq.
   */
  readonly key: string;
  /** Absent while it is not acknowledged. */
  readonly seq?: number;
  readonly person: Person;
  /** By this very person, from whichever device. */
  readonly own: boolean;
  /** Server time in ms, or the local time while pending. */
  readonly at: number;
  readonly text: string;
  readonly state: 'sent' | 'pending' | 'failed';
  /** Why it failed. */
  readonly refusal?: Refusal;
}

/** A shape as it is shown; `pending`: as a command leaves it that is not acknowledged yet. */
export type ShapeView = Shape & { readonly pending?: true };

/** Someone who is here, and what they are doing just now. */
export interface PeerView {
  readonly peer: number;
  readonly person: Person;
  readonly role: Role;
  /** This connection itself. */
  readonly self: boolean;
  readonly cursor?: { readonly x: number; readonly y: number };
  /** The stroke in progress, all of it so far. */
  readonly ink?: InkBegin;
  readonly typing: boolean;
}

/** A command that the server would not take, or that had waited for too long to be sent. */
export interface Refused {
  /** What it was about. */
  readonly target: CommandTarget;
  /** What it was, where it was one of the session's. */
  readonly command?: CommandType;
  /** Why, for whoever shows it. */
  readonly refusal: Refusal;
}

/** What may have changed since a listener was last called. */
export type Aspect = 'status' | 'messages' | 'board' | 'peers' | 'outbox';

/**
 * One room, over one connection that it may share with other rooms. Everything is read by plain
 * properties; `subscribe` tells when to read again.
 */
export interface RoomSession {
  readonly site: string;
  readonly room: string;
  readonly title: string;
  readonly status: Status;
  readonly refusal: Refusal | undefined;
  /** Undefined until the server has said it. */
  readonly role: Role | undefined;
  readonly me: Person | undefined;
  /**
   * Whether things happen in the room that this script is too old to know: it goes on with what it
   * knows, and a newer one shows everything. Stays true once it is.
   */
  readonly newer: boolean;

  /** Acknowledged and pending ones, oldest first. A new array whenever something changed. */
  readonly messages: readonly MessageView[];
  /**
   * Where the talk stands: `loaded` false until the first state arrived; `more` while older
   * messages can be asked for.
   */
  readonly history: { readonly loaded: boolean; readonly more: boolean; readonly loading: boolean };
  /** How far this person had read when they came: where the "new messages" line goes. */
  readonly readOnArrival: number;

  /** What is to be seen, pending work included, lowest first. `version` rises with every change. */
  readonly board: { readonly shapes: ReadonlyMap<string, ShapeView>; readonly version: number };
  /** Authors by index, for "who drew what". */
  readonly authors: ReadonlyMap<number, Person>;
  readonly canUndo: boolean;
  readonly canRedo: boolean;

  /**
   * Everyone here, this connection included, with a live state that changes many times a second.
   */
  readonly peers: readonly PeerView[];
  readonly peerCount: number;

  /**
   * Commands not acknowledged yet; what an earlier page left is counted from the moment that it is
   * taken up.
   */
  readonly waiting: number;
  /**
   * Whether what waits outlives this page: a reload or a closed tab loses none of it, and the same
   * person finds it in the same room. False until the room was joined, where the browser keeps
   * nothing, and in Node (unless its platform has an `outboxStore`).
   */
  readonly lasting: boolean;

  /**
   * Posts a message; returns its key. Throws RefusedError for a text that no server would take
   * (`text_empty`, `too_large`), and `outbox_full` where too much is waiting; so do all commands.
   */
  send(text: string): string;
  /** Sends a failed message again, as a new one. */
  retry(key: string): void;
  /** Forgets a failed message. */
  discard(key: string): void;
  /** Fetches older messages; resolves when they are in `messages`. */
  loadHistory(): Promise<void>;
  /** Says how far the person has read. */
  markRead(seq: number): void;
  /** Says that the person is writing, or has stopped. Cheap to call at each key. */
  typing(is: boolean): void;

  /** Pen down: others see the stroke from here on. */
  inkBegin(begin: InkBegin): void;
  /** More points of it, encoded by the same InkEncoder. */
  inkMore(points: string): void;
  /** The stroke in progress will not be finished. */
  inkDrop(): void;
  /**
   * Keeps a finished shape; ends the ink in progress of the same id.
   *
   * @param times when its points were drawn; see `encodeTimes`
   */
  draw(shape: ShapeForm, times?: string): void;
  erase(shapes: readonly string[]): void;
  clear(): void;
  undo(): void;
  redo(): void;
  /** The cursor in board units; undefined when it has left the board. */
  cursor(at: { readonly x: number; readonly y: number } | undefined): void;

  /**
   * Calls `listener` at once with every aspect, then whenever some may have changed, many changes
   * in one call.
   */
  subscribe(listener: (changed: ReadonlySet<Aspect>) => void): () => void;
  /**
   * Calls `listener` for each command that will not be sent any more, because the server would not
   * take it or because it is older than 14 days (`outbox_expired`): a message stays among
   * `messages` as failed, anything else is gone from the board again. Returns its unsubscribe.
   */
  onRefused(listener: (refused: Refused) => void): () => void;
  /** Resolves once everything in the outbox is acknowledged or refused. */
  settled(): Promise<void>;
  /**
   * Leaves the room; what waits stays where it lasts. The connection is closed when its last room
   * is.
   */
  close(): void;
}
