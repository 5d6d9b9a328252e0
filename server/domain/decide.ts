/**
 * Decides what a command leads to. Pure: it changes nothing, and knows no clock, storage or
 * connection. Its result counts only once it is kept.
 */
import { RefusedError } from '../../protocol/errors.js';
import type { AnyBody } from '../../protocol/timeline/commands/index.js';
import type { AnyPayload } from '../../protocol/timeline/events.js';
import { entered } from '../../protocol/timeline/person-entered.js';
import type { Person, Role, RoomState } from '../../protocol/timeline/state.js';
import type { CommandRule, DecisionContext } from './commands/command.js';

/** The person who gives a command, as their token says. */
export interface Actor {
  readonly person: Person;
  readonly role: Role;
}

/**
 * @param state the room's state, with every row that the command's rule needs
 * @returns the events' payloads, in order; none where the command is allowed and changes nothing;
 *   or why it is refused
 */
export function decide(
  state: RoomState,
  actor: Actor,
  body: AnyBody,
  rule: CommandRule,
  context: DecisionContext,
): readonly AnyPayload[] | RefusedError {
  if (actor.role === 'viewer' || (rule.role === 'moderator' && actor.role !== 'moderator')) {
    return new RefusedError('role_forbidden');
  }
  const outcome = rule.decide(state, body, context);
  if (outcome instanceof RefusedError || outcome.length === 0) return outcome;
  const known = context.author === undefined ? undefined : state.people.get(context.author);
  const { name, guest } = actor.person;
  // Somebody who vanished keeps the name that they had then: they may be back under another one.
  if (known && (rule.onBehalf || (known.name === name && known.guest === guest))) return outcome;
  return [entered(actor.person), ...outcome];
}
