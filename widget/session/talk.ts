import type { Refusal } from '../../protocol/errors.js';
import type { Message, Person, RoomState } from '../../protocol/timeline/state.js';
import type { MessageView } from './contract.js';
import type { OutboxEntry } from './outbox.js';

/** A message that the server would not take, kept until the person decides. */
export interface FailedMessage {
  readonly key: string;
  readonly at: number;
  readonly text: string;
  readonly refusal: Refusal;
}

/** How many keys of own messages are remembered for messages that come again with a snapshot. */
const KEYS_KEPT = 1_000;
const UNKNOWN: Person = { id: '', name: '' };

/** The messages as they are shown: what the timeline says, then what is still on its way, then what failed, in order of writing. */
export class Talk {
  /** The command ids of own messages, by seq: what keeps a key the same from pending to sent. */
  readonly #keys = new Map<number, string>();
  #sent: MessageView[] = [];
  #failed: FailedMessage[] = [];
  #view: readonly MessageView[] | undefined;

  /** A message of the timeline was applied. */
  add(message: Message, state: RoomState, me: Person | undefined): void {
    this.#sent.push(this.#show(message, state, me));
    this.touch();
  }

  /** Everything anew: another state, older messages, a changed name, or now it is known who we are. */
  rebuild(state: RoomState, me: Person | undefined): void {
    this.#sent = state.messages.map(message => this.#show(message, state, me));
    this.touch();
  }

  /** What is pending has changed. */
  touch(): void {
    this.#view = undefined;
  }

  /** An own message is kept under this seq. */
  name(seq: number, key: string): void {
    this.#keys.set(seq, key);
    const [oldest] = this.#keys.keys();
    if (oldest !== undefined && this.#keys.size > KEYS_KEPT) this.#keys.delete(oldest);
  }

  /** Another timeline: its numbers are other ones. */
  forgetNames(): void {
    this.#keys.clear();
  }

  fail(message: FailedMessage): void {
    this.#failed = [...this.#failed, message];
    this.touch();
  }

  /** Takes a failed message out, if there is one with this key. */
  takeFailed(key: string): FailedMessage | undefined {
    const found = this.#failed.find(message => message.key === key);
    if (found) {
      this.#failed = this.#failed.filter(message => message !== found);
      this.touch();
    }
    return found;
  }

  view(pending: Iterable<OutboxEntry>, me: Person = UNKNOWN): readonly MessageView[] {
    if (this.#view) return this.#view;
    const own = { person: me, own: true };
    const local: MessageView[] = this.#failed.map(message => ({ ...own, ...message, state: 'failed' }));
    for (const { id, body, createdAt } of pending) {
      if (body.type !== 'message.post') continue;
      local.push({ ...own, key: id, at: createdAt, text: body.text, state: 'pending' });
    }
    local.sort((one, other) => one.at - other.at);
    return (this.#view = [...this.#sent, ...local]);
  }

  #show({ seq, by, at, text }: Message, state: RoomState, me: Person | undefined): MessageView {
    const person = state.people.get(by) ?? UNKNOWN;
    const key = this.#keys.get(seq) ?? String(seq);
    return { key, seq, person, own: person.id === me?.id, at, text, state: 'sent' };
  }
}
