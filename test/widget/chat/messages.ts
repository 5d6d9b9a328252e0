import type { TalkMessage } from '../../../widget/chat/message.js';

/** A message of a test; `seq` is its key unless it has another. */
export function message(seq: number, more: Partial<TalkMessage> = {}): TalkMessage {
  const person = more.own ? { id: 'me', name: 'Me' } : { id: 'ann', name: 'Ann' };
  const at = Date.UTC(2026, 0, 10, 12) + seq * 1_000;
  return { key: String(seq), seq, person, own: false, at, text: `message ${seq}`, state: 'sent', ...more };
}

/** Messages `from` to `to`, both included. */
export function messages(from: number, to: number, more: Partial<TalkMessage> = {}): TalkMessage[] {
  return Array.from({ length: to - from + 1 }, (_, index) => message(from + index, more));
}
