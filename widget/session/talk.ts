import type { Effect } from '../../protocol/timeline/effects.js';
import type { Message, Person } from '../../protocol/timeline/state.js';
import type { MessageView } from './contract.js';
import type { Overlay } from './overlay.js';
import type { FailedCommand } from './own-commands.js';

/** Where the talk reads from. */
export interface TalkSource {
  /** Whom the talk is shown to; undefined until it is known. */
  me(): Person | undefined;
  /** What was refused, in order; given before everything that is on its way. */
  failed(): Iterable<FailedCommand>;
}

/** How many keys of own messages are remembered for messages that come again with a snapshot. */
const KEYS_KEPT = 1_000;
const UNKNOWN: Person = { id: '', name: '' };

/**
 * The messages as they are shown: what the timeline says, then what failed and what is on its way,
 * in order of writing.
 */
export class Talk {
  readonly #overlay: Overlay;
  readonly #source: TalkSource;
  /** The command ids of own messages, by seq: what keeps a key the same from pending to sent. */
  readonly #keys = new Map<number, string>();
  /** How messages of the timeline are shown. */
  #views = new WeakMap<Message, MessageView>();
  #all: readonly MessageView[] | undefined;

  constructor(overlay: Overlay, source: TalkSource) {
    this.#overlay = overlay;
    this.#source = source;
  }

  /** A new array whenever something changed. */
  get messages(): readonly MessageView[] {
    return (this.#all ??= this.#showAll());
  }

  /** The overlay's state was changed. @returns whether the talk was */
  apply(effects: readonly Effect[]): boolean {
    const named = effects.some(({ type }) => type === 'putPerson');
    const changed = effects.some(({ type }) => type === 'putMessage' || type === 'removeMessages');
    if (named) this.renew();
    else if (changed) this.invalidate();
    return named || changed;
  }

  /** Which messages there are may have changed. */
  invalidate(): void {
    this.#all = undefined;
  }

  /** How they are shown may have changed too: names, keys, or who we are. */
  renew(): void {
    this.#views = new WeakMap();
    this.invalidate();
  }

  /** An own message is kept under this seq. */
  name(seq: number, key: string): void {
    this.#keys.set(seq, key);
    const [oldest] = this.#keys.keys();
    if (oldest !== undefined && this.#keys.size > KEYS_KEPT) this.#keys.delete(oldest);
  }

  /** Another timeline: its seqs are other ones. */
  forgetNames(): void {
    this.#keys.clear();
  }

  #showAll(): readonly MessageView[] {
    const sent: MessageView[] = [];
    const pending: MessageView[] = [];
    for (const message of this.#overlay.state.messages.values()) {
      const command = this.#overlay.commandOf(message);
      if (command === undefined) sent.push(this.#show(message));
      else if (this.#overlay.isProvisional(message))
        pending.push({ ...this.#showOwn(message, command), state: 'pending' });
      else sent.push({ ...this.#show(message), state: 'pending' });
    }
    const failed = [...this.#source.failed()].flatMap(command => {
      const { id, refusal } = command;
      return this.#overlay.newMessages(command).map((message): MessageView => {
        return { ...this.#showOwn(message, id), state: 'failed', refusal };
      });
    });
    return [...sent, ...failed, ...pending];
  }

  #show(message: Message): MessageView {
    const known = this.#views.get(message);
    if (known) return known;
    const { seq, by, at, text } = message;
    const person = this.#overlay.state.people.get(by) ?? UNKNOWN;
    const key = this.#keys.get(seq) ?? String(seq);
    const view: MessageView = { key, seq, person, own: person.id === this.#source.me()?.id, at, text, state: 'sent' };
    this.#views.set(message, view);
    return view;
  }

  /** One that has no place on the timeline. */
  #showOwn({ at, text }: Message, key: string): Omit<MessageView, 'seq' | 'state'> {
    return { key, person: this.#source.me() ?? UNKNOWN, own: true, at, text };
  }
}
