/** What one room does with its turn: the commands that wait are decided one after the other, each on what the last one left. */
import { RefusedError } from '../../protocol/errors.js';
import type { TimelineEvent } from '../../protocol/timeline/events.js';
import { type Actor, decide, type DecisionContext } from './decide.js';
import { isUndoable, type RoomCommand } from './room-command.js';
import type { RoomKey } from './room-key.js';
import type { RoomMemory } from './room-memory.js';
import type { AcceptedCommand, Append, CommandRef, OpenedRoom, TurnRequest } from './storage.js';

/** A command with its id. */
export interface Command {
  /** See COMMAND_ID; made by who gives it, and the same when it is given again. */
  readonly id: string;
  readonly body: RoomCommand;
}

/** A command that waits for its room's turn. */
export interface WaitingCommand {
  readonly actor: Actor;
  readonly command: Command;
  /** Of the canonical body. */
  readonly digest: string;
}

/** What became of a command: the seq of its event or the timeline's end, or why it is refused. */
export type Outcome = number | RefusedError;

/** What a turn leads to, once it is kept. */
export interface RoomVerdict {
  readonly epoch: string;
  readonly append: Append;
  /** One for each waiting command, in the same order. */
  readonly outcomes: readonly Outcome[];
}

/**
 * What the waiting commands of a room need to be loaded.
 *
 * @param told see TurnRequest
 */
export function turnRequest(
  room: RoomKey,
  memory: RoomMemory | undefined,
  waiting: readonly WaitingCommand[],
  told?: TurnRequest['told'],
): TurnRequest {
  const commands: CommandRef[] = [];
  const undos: CommandRef[] = [];
  const shapes: string[] = [];
  for (const { actor, command } of waiting) {
    const person = actor.person.id;
    commands.push({ person, id: command.id });
    const { body } = command;
    if (body.type === 'shape.draw' || body.type === 'shape.keep') shapes.push(body.stroke.id);
    if (body.type === 'command.undo') undos.push({ person, id: body.command });
  }
  // What is to be undone is also asked for as a command: one that left nothing to undo is told from one that never was.
  return { room, after: memory && positionOf(memory), told, commands: [...commands, ...undos], undos, shapes };
}

function positionOf({ state }: RoomMemory): { readonly epoch: string; readonly seq: number } {
  return { epoch: state.epoch, seq: state.seq };
}

/**
 * Decides the waiting commands of a room. Changes `memory`, which is worth nothing if what comes of it is not kept.
 *
 * @param at server time in milliseconds since 1970
 * @param report is told of a fault in deciding: it costs its own command alone
 */
export function decideTurn(
  memory: RoomMemory,
  opened: OpenedRoom,
  waiting: readonly WaitingCommand[],
  at: number,
  report: (fault: unknown) => void,
): RoomVerdict {
  const ledger = new Ledger(opened);
  const events: TimelineEvent[] = [];
  memory.recall(opened.shapes);

  const settle = ({ actor, command, digest }: WaitingCommand): Outcome => {
    const { state } = memory;
    const person = actor.person.id;
    const earlier = ledger.find({ person, id: command.id });
    if (earlier) return earlier.digest === digest ? earlier.seq : new RefusedError('command_id_reused');

    const author = memory.authorIndex(person);
    const { visible, points } = memory;
    const context: DecisionContext = { author, visible, points, target: ledger.target(person, command.body) };
    let happenings: ReturnType<typeof decide>;
    try {
      happenings = decide(state, actor, command.body, context);
    } catch (fault) {
      report(fault);
      return new RefusedError('internal', { cause: fault });
    }
    if (happenings instanceof RefusedError) return happenings;

    const by = author ?? memory.nextAuthor;
    for (const happening of happenings) {
      const event = { seq: state.seq + 1, prev: state.seq, at, by, command: command.id, ...happening };
      memory.apply(event);
      events.push(event);
    }
    const undoable = happenings.length > 0 && isUndoable(command.body);
    ledger.accept({ person, id: command.id, digest, seq: state.seq, undoable });
    return state.seq;
  };

  const outcomes = waiting.map(settle);
  memory.settle();
  return { epoch: memory.state.epoch, append: { room: opened.room, events, accepted: ledger.fresh }, outcomes };
}

/** The accepted commands that a turn may meet: those that storage knew, and those that the turn itself accepts. */
class Ledger {
  readonly #accepted = new Map<string, AcceptedCommand>();
  readonly #laterBefore = new Map<string, number>();
  /** Accepted in this turn. */
  readonly fresh: AcceptedCommand[] = [];

  constructor({ accepted, undos }: OpenedRoom) {
    for (const command of accepted) this.#accepted.set(keyOf(command), command);
    for (const undo of undos) this.#laterBefore.set(keyOf(undo), undo.later);
  }

  find(ref: CommandRef): AcceptedCommand | undefined {
    return this.#accepted.get(keyOf(ref));
  }

  accept(command: AcceptedCommand): void {
    this.#accepted.set(keyOf(command), command);
    this.fresh.push(command);
  }

  /** What `body`, if it is an undo, would take back. */
  target(person: string, body: RoomCommand): DecisionContext['target'] {
    if (body.type !== 'command.undo') return undefined;
    const ref = { person, id: body.command };
    const found = this.find(ref);
    if (!found) return undefined;
    if (!found.undoable) return 'nothing';
    const since = this.fresh.filter(
      ({ undoable, ...other }) => undoable && other.person === person && other.seq > found.seq,
    );
    return { seq: found.seq, later: (this.#laterBefore.get(keyOf(ref)) ?? 0) + since.length };
  }
}

/** A person's id holds no space, so no two commands share a key. */
function keyOf({ person, id }: CommandRef): string {
  return `${person} ${id}`;
}
