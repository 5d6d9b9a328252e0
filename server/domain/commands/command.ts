/**
 * What the rules of all commands have in common. A rule is one module here: who may give the
 * command, what makes it the same command when it is sent again, what it needs to be loaded, and
 * what it leads to. What comes of it in the end is said by the module of the same name in
 * protocol/timeline/commands, for server and client alike.
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

/** What is known about a command besides the room's state. */
export interface DecisionContext {
  /** The actor's index among the room's authors; undefined before their first event. */
  readonly author: number | undefined;
  /**
   * How many shapes of the state are visible: kept by the caller, since counting takes long on a
   * full board.
   */
  readonly visible: number;
  /** What those weigh together. */
  readonly weight: number;
  /** What the room's site wants. */
  readonly policy: SitePolicy;
  /**
   * What the own command that `Needs.undoes` names did; `nothing` where it was accepted but left
   * nothing that could be taken back; undefined where this person gave no such command.
   */
  readonly target?: UndoTarget | 'nothing' | undefined;
}

/** What a site wants of its rooms. */
export interface SitePolicy {
  /** Whether it is kept when each point of a stroke was drawn. */
  readonly keepsTimes: boolean;
}

/** The rows that a command needs, hidden ones too, beside what is held of a room anyway. */
export interface Needs {
  /** Shapes by id: those that it changes, and those whose id it gives out. */
  readonly shapes?: readonly string[];
  /** Messages by seq. */
  readonly messages?: readonly number[];
  /** An own command by id, whose shapes come along. */
  readonly undoes?: string;
}

/** The rule of one type of command. */
export interface CommandRule<Body extends AnyBody = AnyBody> {
  /** The least role that may give it. */
  readonly role: Exclude<Role, 'viewer'>;
  /** Whether its author can undo it. */
  readonly undoable: boolean;
  /** The server gives it on behalf of somebody who vanished, who is called as they were then. */
  readonly onBehalf?: true;
  /**
   * All that it asks, in one order whatever the order of its members. A digest of it is kept for 30
   * days and tells a command that is sent again from another one under a used id, so it must never
   * change for a body that could be sent before.
   */
  members(body: Body): readonly unknown[];
  needs?(body: Body): Needs;
  /**
   * Decides what it leads to.
   *
   * @param state the room's state, with what `needs` names
   * @returns what happens, in order; nothing where it is allowed and changes nothing; or why it is
   *   refused
   */
  decide(state: RoomState, body: Body, context: DecisionContext): readonly AnyPayload[] | RefusedError;
}

/** Rules by type. */
export type RuleRegistry = Readonly<Record<string, CommandRule>>;

/**
 * All that a command asks, as one text: equal commands have equal texts, whatever the order of
 * their members.
 */
export function textOf(body: AnyBody, rule: CommandRule): string {
  return JSON.stringify([body.type, ...rule.members(body)]);
}

/** Whether what is of this reversal can be undone by its author. */
export function isUndoable({ reversal }: Pick<CommandModule, 'reversal'>): boolean {
  return reversal !== 'none';
}

/** Somebody for whom only their index matters. */
export function giverOf({ author = -1 }: DecisionContext) {
  return { author, eventOf: () => undefined };
}

/**
 * Whether the board can't take these too. Both limits bound what a room takes in memory, and in a
 * snapshot.
 */
export function overfills(
  shapes: number,
  weight: number,
  context: Pick<DecisionContext, 'visible' | 'weight'>,
): boolean {
  return context.visible + shapes > LIMITS.shapesPerBoard || context.weight + weight > LIMITS.weightPerBoard;
}
