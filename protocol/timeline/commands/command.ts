/**
 * What every command has in common. A command is one module here: what is asked, what comes of it,
 * its traits and what a client may expect of it before the server has spoken. The server's rule for
 * it is a module of the same name in server/domain/commands.
 */
import type { AnyPayload } from '../event.js';
import type { RoomState } from '../state.js';

/** The members that bodies of all commands have. */
export interface AnyBody {
  readonly type: string;
}

/** Who gives a command, as far as it matters to what comes of it. */
export interface Giver {
  /** Their index among the room's authors; -1 before their first event. */
  readonly author: number;
  /** The event of an own command; undefined where it left none, or is not known. */
  eventOf(command: string): number | undefined;
}

/** What the protocol knows of one type of command. */
export interface CommandModule<Body extends AnyBody = AnyBody> {
  readonly type: Body['type'];
  /** What it is about. */
  readonly target: 'talk' | 'board' | 'room';
  /**
   * How it is taken back, and brought again after that: by undoing the undo, or by giving it again.
   * `none`: it stays. `undo`: it takes back others itself.
   */
  readonly reversal: 'undo-the-undo' | 'give-again' | 'undo' | 'none';
  /**
   * Whether nothing that comes before it matters to it, so that it may be on its way beside others
   * of its kind.
   */
  readonly independent: boolean;
  /**
   * What comes of it as the state stands, in order; nothing where it changes nothing. The server
   * asks whether it may be before it asks this; a client shows it at once.
   */
  outcome(state: RoomState, body: Body, giver: Giver): readonly AnyPayload[];
  /** The shape whose live ink it ends. */
  finishes?(body: Body): string;
  /** The same, where the server has given an id in it to somebody else before. */
  underAnotherId?(body: Body): Body;
}
