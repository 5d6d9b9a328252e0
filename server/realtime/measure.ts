/** What is counted of what goes over connections, without writing it as JSON once more. */
import type { LiveStep } from '../../protocol/conversation.js';
import { countPoints } from '../../protocol/ink.js';
import type { AnyBody } from '../../protocol/timeline/commands/index.js';
import type { AnyEvent } from '../../protocol/timeline/event.js';
import type { CommandRule } from '../domain/commands/command.js';

export interface Measure {
  /** Characters, about. */
  readonly size: number;
  /** Points of ink. */
  readonly points: number;
}

/** Characters around the body of a command, and around the payload of an event. */
const COMMAND_HEADER = 64;
const EVENT_HEADER = 160;
/** Characters of what is no text: a number, a name with its punctuation. */
const SHORT = 4;

/** @param rule of the command; undefined for a type that nobody knows */
export function measureCommand(body: AnyBody, rule: CommandRule | undefined): Measure {
  return { size: COMMAND_HEADER + charactersOf(body), points: rule?.points?.(body) ?? 0 };
}

/** Characters of an event, about. */
export function eventSize(event: AnyEvent): number {
  return EVENT_HEADER + charactersOf(event);
}

/**
 * Of more points nobody says whether they have pressure: they count as if they had none, which is a
 * third more.
 */
export function measureLive(steps: readonly LiveStep[]): Measure {
  let size = 0;
  let points = 0;
  for (const step of steps) {
    size += 8;
    if (step[0] === 'more') {
      size += step[1].length;
      points += countPoints(step[1], false);
    } else if (step[0] === 'ink') {
      size += step[6].length;
      points += countPoints(step[6], step[5] === 1);
    }
  }
  return { size, points };
}

/** The texts in a value that a schema has bounded, and a little for all else. */
function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return SHORT;
  return Object.values(value).reduce<number>((sum, member) => sum + SHORT + charactersOf(member), 0);
}
