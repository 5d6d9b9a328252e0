import type { Message, Person, RoomState } from '../../protocol/timeline/state.js';
import type { MessageView } from './contract.js';
import type { KeptCommand } from './outbox-store.js';

/** A person's own messages that are not in the timeline, each list in order. */
export interface OwnMessages {
  /** What failed; given before everything that is on its way. */
  readonly failed: Iterable<KeptCommand>;
  /** All commands on their way. */
  readonly entries: Iterable<KeptCommand>;
}

/** How many keys of own messages are remembered for messages that come again with a snapshot. */
const KEYS_KEPT = 1_000;
const UNKNOWN: Person = { id: '', name: '' };

/** The messages as they are shown: what the timeline says, then what failed and what is still on its way, in order of writing. */
export class Talk {
  /** The command ids of own messages, by seq: what keeps a key the same from pending to sent. */
  readonly #keys = new Map<number, string>();
  #sent: MessageView[] = [];
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

  /** What is not in the timeline has changed. */
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

  view({ failed, entries }: OwnMessages, me: Person = UNKNOWN): readonly MessageView[] {
    if (this.#view) return this.#view;
    const view = [...this.#sent];
    for (const { id, body, createdAt, refusal } of [...failed, ...entries]) {
      if (body.type !== 'message.post') continue;
      const message = { key: id, person: me, own: true, at: createdAt, text: body.text };
      view.push(refusal ? { ...message, state: 'failed', refusal } : { ...message, state: 'pending' });
    }
    return (this.#view = view);
  }

  #show({ seq, by, at, text }: Message, state: RoomState, me: Person | undefined): MessageView {
    const person = state.people.get(by) ?? UNKNOWN;
    const key = this.#keys.get(seq) ?? String(seq);
    return { key, seq, person, own: person.id === me?.id, at, text, state: 'sent' };
  }
}
