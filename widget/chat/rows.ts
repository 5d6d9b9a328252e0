import type { TalkMessage } from './message.js';

/** A line of the talk as it is shown. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'new'; readonly key: string }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: TalkMessage;
      /**
       * Begins a group: the same person, and no longer than GROUP_GAP between one message and the
       * next.
       */
      readonly first: boolean;
      readonly last: boolean;
    };

/** Milliseconds. */
const GROUP_GAP = 5 * 60_000;

/**
 * Arranges messages, oldest first: a separator before each day, a line before the first message of
 * others after `newAfter` (undefined: no line), and groups. Days are those of the reader's time
 * zone.
 */
export function arrange(messages: readonly TalkMessage[], newAfter: number | undefined): Row[] {
  const rows: Row[] = [];
  let day = '';
  let dayAt = -Infinity;
  let marked = newAfter === undefined;
  /** The message before, where the next one may join its group. */
  let before: TalkMessage | undefined;
  messages.forEach((message, index) => {
    const its = dayOf(message.at);
    // One that is pending carries the local clock, which may be behind: days don't go back.
    if (its !== day && message.at > dayAt) {
      dayAt = message.at;
      rows.push({ kind: 'day', key: `day ${its}`, at: message.at });
      day = its;
      before = undefined;
    }
    if (!marked && !message.own && message.seq !== undefined && message.seq > (newAfter ?? 0)) {
      rows.push({ kind: 'new', key: 'new' });
      marked = true;
      before = undefined;
    }
    const next = messages[index + 1];
    const startsNew =
      !marked && next !== undefined && !next.own && next.seq !== undefined && next.seq > (newAfter ?? 0);
    const last = !next || startsNew || (dayOf(next.at) !== its && next.at > dayAt) || !together(message, next);
    rows.push({ kind: 'message', key: message.key, message, first: !before || !together(before, message), last });
    before = message;
  });
  return rows;
}

function together(one: TalkMessage, next: TalkMessage): boolean {
  return one.person.id === next.person.id && one.own === next.own && next.at - one.at <= GROUP_GAP;
}

function dayOf(at: number): string {
  return new Date(at).toDateString();
}
