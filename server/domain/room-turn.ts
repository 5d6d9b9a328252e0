/**
 * One room's turn: its waiting commands are decided one after the other, each on the state that the
 * one before left.
 */
import { RefusedError } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import type { AnyBody } from '../../protocol/timeline/commands/index.js';
import type { AnyEvent, EventHeader } from '../../protocol/timeline/events.js';
import type { CommandRule, DecisionContext, SitePolicy } from './commands/command.js';
import { type Actor, decide } from './decide.js';
import type { RoomKey } from './room-key.js';
import type { RoomMemory } from './room-memory.js';
import type { AcceptedCommand, Append, AppendedEvent, CommandRef, OpenedRoom, TurnRequest } from './storage.js';

/** A command with its id. */
export interface Command {
  /** See COMMAND_ID. Its author makes it, and sends the same one again after a lost answer. */
  readonly id: string;
  readonly body: AnyBody;
  /** How long it lay in an outbox, in milliseconds, as its author says. */
  readonly waited?: number;
}

/** A command that waits for its room's turn. */
export interface WaitingCommand {
  readonly actor: Actor;
  readonly command: Command;
  readonly rule: CommandRule;
  /** The digest of everything that the command asks. */
  readonly digest: string;
}

/**
 * The outcome of a command: the seq of its event, the timeline's end where it changed nothing, or
 * why it is refused.
 */
export type Outcome = number | RefusedError;

/** The outcome of a turn for one room. It counts once it is kept. */
export interface RoomVerdict {
  readonly epoch: string;
  readonly append: Append;
  /** One for each waiting command, in the same order. */
  readonly outcomes: readonly Outcome[];
}

/**
 * What storage must load for the waiting commands of a room.
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
  const messages: number[] = [];
  for (const { actor, command, rule } of waiting) {
    const person = actor.person.id;
    commands.push({ person, id: command.id });
    const needs = rule.needs?.(command.body);
    if (!needs) continue;
    if (needs.shapes) shapes.push(...needs.shapes);
    if (needs.messages) messages.push(...needs.messages);
    if (needs.undoes !== undefined) undos.push({ person, id: needs.undoes });
  }
  const after = memory && positionOf(memory);
  // A command to be undone is looked up as an accepted command too: one that left nothing to undo
  // differs from one that never was.
  return { room, after, told, commands: [...commands, ...undos], undos, shapes, messages };
}

function positionOf({ state }: RoomMemory): { readonly epoch: string; readonly seq: number } {
  return { epoch: state.epoch, seq: state.seq };
}

/** What a decision depends on besides the room. */
export interface TurnSetting {
  /** Server time in milliseconds since 1970. */
  readonly at: number;
  readonly policy: SitePolicy;
  /** Reports a fault in deciding. It fails its own command alone. */
  readonly report: (fault: unknown) => void;
}

/**
 * Decides the waiting commands of a room. It changes `memory`: drop it if the result is not kept.
 */
export function decideTurn(
  memory: RoomMemory,
  opened: OpenedRoom,
  waiting: readonly WaitingCommand[],
  { at, policy, report }: TurnSetting,
): RoomVerdict {
  const ledger = new Ledger(opened);
  const events: AppendedEvent[] = [];
  memory.recall(opened.shapes, opened.messages);

  const outcomeOf = ({ actor, command, rule, digest }: WaitingCommand): Outcome => {
    const { state } = memory;
    const person = actor.person.id;
    const earlier = ledger.find({ person, id: command.id });
    if (earlier) return earlier.digest === digest ? earlier.seq : new RefusedError('command_id_reused');

    const author = memory.authorIndex(person);
    const { visible, weight } = memory;
    const target = ledger.target(person, rule.needs?.(command.body).undoes);
    const context: DecisionContext = { author, visible, weight, policy, target };
    let payloads: ReturnType<typeof decide>;
    try {
      payloads = decide(state, actor, command.body, rule, context);
    } catch (fault) {
      report(fault);
      return new RefusedError('internal', { cause: fault });
    }
    if (payloads instanceof RefusedError) return payloads;

    const by = author ?? memory.nextAuthor;
    const waited = waitedOf(command);
    for (const payload of payloads) {
      const header: EventHeader = { seq: state.seq + 1, prev: state.seq, at, by, command: command.id, ...waited };
      const event: AnyEvent = { ...header, ...payload };
      events.push({ event, effects: memory.apply(event) });
    }
    const undoable = payloads.length > 0 && rule.undoable;
    ledger.accept({ person, id: command.id, digest, seq: state.seq, undoable });
    return state.seq;
  };

  const outcomes = waiting.map(outcomeOf);
  memory.endTurn();
  return { epoch: memory.state.epoch, append: { room: opened.room, events, accepted: ledger.fresh }, outcomes };
}

/** Whole milliseconds, up to the longest that is stored; nothing where it was sent at once. */
function waitedOf({ waited = 0 }: Command): Pick<EventHeader, 'waited'> {
  const whole = Math.round(Math.min(LIMITS.waited, Math.max(0, waited)));
  return whole > 0 ? { waited: whole } : {};
}

/** The accepted commands of a turn: those that storage knew, and those accepted in this turn. */
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

  /** What an undo of this person's command would take back. */
  target(person: string, id: string | undefined): DecisionContext['target'] {
    if (id === undefined) return undefined;
    const ref = { person, id };
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
