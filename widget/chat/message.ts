import type { Refusal } from '../../protocol/errors.js';
import type { Person } from '../../protocol/timeline/state.js';

/** A message, as much of it as the talk shows. */
export interface TalkMessage {
  /** Stable from pending to sent. */
  readonly key: string;
  /** Absent while it is not acknowledged. */
  readonly seq?: number;
  readonly person: Person;
  readonly own: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
  readonly state: 'sent' | 'pending' | 'failed';
  readonly refusal?: Refusal;
}

/**
 * Where the talk stands: `loaded` false until the first state arrived; `more` while there are older
 * messages to ask for.
 */
export interface TalkHistory {
  readonly loaded: boolean;
  readonly more: boolean;
  readonly loading: boolean;
}

/** How many messages of others came after `seq`. */
export function countAfter(messages: readonly TalkMessage[], seq: number): number {
  let count = 0;
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index];
    if (message?.seq === undefined) continue;
    if (message.seq <= seq) break;
    if (!message.own) count += 1;
  }
  return count;
}

/** The seq of the newest acknowledged message, 0 where there is none. */
export function newestSeq(messages: readonly TalkMessage[]): number {
  return messages.findLast(message => message.seq !== undefined)?.seq ?? 0;
}
