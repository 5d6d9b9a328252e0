/**
 * What the rules of all commands have in common. A rule is one module here: who may give the
 * command, what identifies it when it is sent again, what must be loaded, and what it leads to. The
 * module of the same name in protocol/timeline/commands computes the outcome, for server and client
 * alike.
 */
import type { RefusedError } from '../../../protocol/errors.js';
import { LIMITS } from '../../../protocol/limits.js';
import type { AnyBody, CommandModule } from '../../../protocol/timeline/commands/index.js';
import type { AnyPayload } from '../../../protocol/timeline/events.js';
import type { Role, RoomState } from '../../../protocol/timeline/state.js';

/** What an undo would take back. */
export interface UndoTarget {
  /** The event of the command that is to be undone. */
  readonly seq: number;
  /** How many undoable commands the same person gave after it. */
  readonly later: number;
}

/** What a rule knows besides the room's state. */
export interface DecisionContext {
  /** The actor's index among the room's authors; undefined before their first event. */
  readonly author: number | undefined;
  /** The number of visible shapes. The caller keeps it, since counting a full board is slow. */
  readonly visible: number;
  /** Their total weight. */
  readonly weight: number;
  /** The policy of the room's site. */
  readonly policy: SitePolicy;
  /**
   * The person's command that `Needs.undoes` names; `nothing` where it left nothing to undo;
   * undefined where this person gave no such command.
   */
  readonly target?: UndoTarget | 'nothing' | undefined;
}

/** How a site wants its rooms to be. */
export interface SitePolicy {
  /** Whether the drawing times of a stroke's points are kept. */
  readonly keepsTimes: boolean;
}

/** The rows that a command needs, hidden ones too, beyond what memory holds of a room. */
export interface Needs {
  /** Shapes by id: those to be changed, and those whose id is given out. */
  readonly shapes?: readonly string[];
  /** Messages by seq. */
  readonly messages?: readonly number[];
  /** A command of the same person, by id; its shapes are loaded too. */
  readonly undoes?: string;
}

/** The rule of one type of command. */
export interface CommandRule<Body extends AnyBody = AnyBody> {
  /** The lowest role that may give it. */
  readonly role: Exclude<Role, 'viewer'>;
  /** Whether its author can undo it. */
  readonly undoable: boolean;
  /**
   * Whether the server gives it for an author who vanished. The author keeps the name they had
   * then.
   */
  readonly onBehalf?: true;
  /**
   * Everything that it asks, in a fixed order. A digest of this is kept for 30 days; it tells a
   * command that is sent again from another one under the same id. So it must never change for a
   * body that could be sent before.
   */
  members(body: Body): readonly unknown[];
  needs?(body: Body): Needs;
  /** Points of ink in it, which rates count. Default: none. */
  points?(body: Body): number;
  /**
   * Decides what it leads to.
   *
   * @param state the room's state, with what `needs` names
   * @returns the events' payloads, in order; none where it is allowed and changes nothing; or why
   *   it is refused
   */
  decide(state: RoomState, body: Body, context: DecisionContext): readonly AnyPayload[] | RefusedError;
}

/** Rules by type. */
export type RuleRegistry = Readonly<Record<string, CommandRule>>;

/**
 * Everything that a command asks, as one text: equal commands have equal texts, whatever the order
 * of their members.
 */
export function textOf(body: AnyBody, rule: CommandRule): string {
  return JSON.stringify([body.type, ...rule.members(body)]);
}

/** Whether the author of a command with this reversal can undo it. */
export function isUndoable({ reversal }: Pick<CommandModule, 'reversal'>): boolean {
  return reversal !== 'none';
}

/** The giver of a command whose outcome depends on no earlier command. */
export function giverOf({ author = -1 }: DecisionContext) {
  return { author, eventOf: () => undefined };
}

/**
 * Whether these would overfill the board. Both limits bound a room's memory and the size of a
 * snapshot.
 */
export function overfills(
  shapes: number,
  weight: number,
  context: Pick<DecisionContext, 'visible' | 'weight'>,
): boolean {
  return context.visible + shapes > LIMITS.shapesPerBoard || context.weight + weight > LIMITS.weightPerBoard;
}
