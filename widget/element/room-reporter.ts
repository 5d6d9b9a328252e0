import type { Aspect, MessageView, RoomSession, Status } from '../session/index.js';
import { countAfter, newestSeq } from '../chat/message.js';
import {
  ChalkErrorEvent,
  type ChalkErrorCode,
  ChalkMessageEvent,
  ChalkPresenceEvent,
  ChalkReadyEvent,
  ChalkSketchChangeEvent,
  ChalkStatusEvent,
  ChalkUnreadEvent,
} from './events.js';
import { NOBODY, type Presence, presenceOf } from './people.js';

/** Whoever is told besides the page. */
export interface RoomListener {
  /** Messages that came while the visitor is here. */
  arrived(messages: readonly MessageView[]): void;
  /** The connection's state, each time that it is another one. */
  status(status: Status, before: Status | undefined): void;
}

/** Tells the page what happens in a room, as the events of the element; each thing once. */
export class RoomReporter {
  readonly #page: EventTarget;
  readonly #listener: RoomListener;
  #session: RoomSession | undefined;
  #status: Status | undefined;
  #ready = false;
  #newest = 0;
  #read = 0;
  #unread = 0;
  #presence = NOBODY;
  #board = -1;

  constructor(page: EventTarget, listener: RoomListener) {
    this.#page = page;
    this.#listener = listener;
  }

  /** Messages of others that were not read yet. */
  get unread(): number {
    return this.#unread;
  }

  /** Who is here; while the connection is lost, who was. */
  get presence(): Presence {
    return this.#presence;
  }

  /** Something of the session changed; another session begins anew. */
  changed(session: RoomSession, aspects: ReadonlySet<Aspect>): void {
    if (session !== this.#session) this.#begin(session);
    if (aspects.has('status')) this.#tellStatus(session);
    if (!this.#ready && session.status === 'connected' && session.role) this.#tellReady(session);
    if (!this.#ready) return;
    if (aspects.has('messages')) this.#tellMessages(session);
    if (aspects.has('peers')) this.#tellPresence(session);
    if (aspects.has('board')) this.#tellBoard(session);
  }

  /** The visitor has read up to `seq`. */
  read(session: RoomSession, seq: number): void {
    this.#read = Math.max(this.#read, seq);
    this.#countUnread(session);
  }

  /**
   * Something went wrong that the page's author should know.
   *
   * @param message one sentence; the code again where it is one of the script's own
   */
  error(code: ChalkErrorCode, message: string): void {
    if (message === code) {
      void this.#explain(code);
      return;
    }
    // Where one is in a room there is nothing to look for.
    const more =
      this.#status === 'connected' ? '' : " To find out more: document.querySelector('chalk-talk').diagnose()";
    // eslint-disable-next-line no-console
    console.error(`<chalk-talk> ${code}: ${message}${more}`);
    this.#page.dispatchEvent(new ChalkErrorEvent(code, message));
  }

  async #explain(code: ChalkErrorCode): Promise<void> {
    const own = await import('./author-words.js').catch(() => undefined);
    this.error(code, own?.OWN_REFUSALS[code] ?? 'No more is known.');
  }

  #begin(session: RoomSession): void {
    this.#session = session;
    this.#status = undefined;
    this.#ready = false;
    this.#read = this.#newest = 0;
    this.#presence = NOBODY;
    this.#board = -1;
  }

  #tellStatus({ status, refusal }: RoomSession): void {
    const before = this.#status;
    if (status === before) return;
    this.#status = status;
    this.#page.dispatchEvent(new ChalkStatusEvent(status));
    if (status === 'refused' && refusal) this.error(refusal.code, refusal.message);
    this.#listener.status(status, before);
  }

  #tellReady(session: RoomSession): void {
    if (!session.role) return;
    this.#ready = true;
    this.#newest = newestSeq(session.messages);
    this.#read = Math.max(this.#read, session.readOnArrival);
    this.#board = session.board.version;
    this.#page.dispatchEvent(new ChalkReadyEvent(session.room, session.title, session.role));
    this.#countUnread(session);
    this.#tellPresence(session);
  }

  #tellMessages(session: RoomSession): void {
    const arrived = session.messages.filter(({ seq = 0 }) => seq > this.#newest);
    if (arrived.length > 0) {
      this.#newest = newestSeq(arrived);
      for (const message of arrived) this.#page.dispatchEvent(new ChalkMessageEvent(message));
      this.#listener.arrived(arrived);
    }
    this.#countUnread(session);
  }

  #countUnread({ messages }: RoomSession): void {
    const unread = countAfter(messages, this.#read);
    if (unread === this.#unread) return;
    this.#unread = unread;
    this.#page.dispatchEvent(new ChalkUnreadEvent(unread));
  }

  #tellPresence({ status, peers, peerCount }: RoomSession): void {
    // A lost connection is not everyone's leaving.
    if (status !== 'connected') return;
    const presence = presenceOf(this.#presence, peers, peerCount);
    if (presence === this.#presence) return;
    this.#presence = presence;
    const people = presence.people.map(({ person }) => person);
    this.#page.dispatchEvent(new ChalkPresenceEvent(people, presence.count));
  }

  #tellBoard({ board: { version, shapes } }: RoomSession): void {
    if (version === this.#board) return;
    this.#board = version;
    this.#page.dispatchEvent(new ChalkSketchChangeEvent(shapes));
  }
}
