import type { Answer, Position, Tail } from '../../protocol/conversation.js';
import type { Refusal } from '../../protocol/errors.js';
import type { HistoryPage } from '../../protocol/schema/http.js';
import type { CommandBody } from '../../protocol/timeline/commands.js';
import type { TimelineEvent } from '../../protocol/timeline/events.js';
import type { Person, RoomState, Snapshot } from '../../protocol/timeline/state.js';
import { Board } from './board.js';
import type { Aspect, MessageView } from './contract.js';
import { History } from './history.js';
import type { OutboxEntry } from './outbox.js';
import type { OutboxPlace } from './outbox-store.js';
import { OwnCommands } from './own-commands.js';
import type { Platform } from './platform.js';
import { Talk } from './talk.js';
import { Timeline } from './timeline.js';
import type { UndoHistory } from './undo-history.js';

/** What the record needs of the server; each rejects where no answer came. */
export interface RecordSource {
  catchup(after: Position): Promise<Tail>;
  snapshot(): Promise<Snapshot>;
  history(before: number): Promise<HistoryPage>;
  command(entry: OutboxEntry): Promise<Answer<{ readonly seq: number }>>;
}

export interface RecordListener {
  changed(...aspects: readonly Aspect[]): void;
  /** The board's timeline has moved: strokes that were in progress may be on it. */
  boardMoved(): void;
  /** Nothing that is known of is missing. */
  complete(): void;
  /** The timeline can't be had. */
  stopped(refusal: Refusal): void;
  /** A command will not be sent any more. */
  refused(body: CommandBody, refusal: Refusal): void;
}

/**
 * What is kept of a room, as this person sees it: the timeline and, laid over it, their own commands that it does not hold yet.
 * Ties the timeline to those commands, and both to what is shown; knows nothing of connections and of what is live.
 */
export class RoomRecord {
  me: Person | undefined;
  readonly board: Board;
  readonly history: History;
  readonly own: OwnCommands;
  readonly #source: RecordSource;
  readonly #listener: RecordListener;
  readonly #timeline: Timeline;
  readonly #talk = new Talk();
  #epoch: string | undefined;

  constructor(place: Omit<OutboxPlace, 'person'>, source: RecordSource, listener: RecordListener, platform: Platform) {
    this.#source = source;
    this.#listener = listener;
    this.own = new OwnCommands(
      place,
      {
        send: entry => source.command(entry),
        added: entry => this.#added(entry),
        acknowledged: (entry, seq) => this.#acknowledged(entry, seq),
        refused: (body, refusal) => listener.refused(body, refusal),
        changed: () => this.#showOwnAnew(),
        lastingChanged: () => listener.changed('outbox'),
      },
      platform,
    );
    this.#timeline = new Timeline(
      {
        snapshot: () => source.snapshot(),
        catchup: after => this.#catchup(after),
      },
      {
        applied: event => this.#applied(event),
        replaced: more => this.#replaced(more),
        advanced: () => this.#advanced(),
        complete: () => {
          this.own.open();
          listener.complete();
        },
        refused: refusal => listener.stopped(refusal),
      },
      platform,
    );
    this.board = new Board({
      state: () => this.#timeline.state,
      pending: () => this.own.entries,
      self: () => this.#self(),
    });
    this.history = new History({
      fetch: before => source.history(before),
      state: () => this.#timeline.state,
      changed: () => this.#showTalkAnew(),
    });
  }

  get state(): RoomState | undefined {
    return this.#timeline.state;
  }

  get messages(): readonly MessageView[] {
    return this.#talk.view(this.own, this.me);
  }

  /** How many own commands are not acknowledged. */
  get waiting(): number {
    return this.own.waiting;
  }

  /** Which own commands can be taken back. */
  get undoHistory(): UndoHistory {
    return this.own.undoHistory;
  }

  /** See OwnCommands. */
  give(body: CommandBody): string {
    return this.own.give(body);
  }

  /** See OwnCommands. */
  do(body: CommandBody): void {
    this.own.do(body);
  }

  /** The server is there, knows us as `me`, and its timeline ends at `head`. */
  resume(head: Position, me: Person): void {
    const known = this.me?.id === me.id;
    this.me = me;
    // Commands may be acknowledged before the first state is here.
    this.#epoch ??= head.epoch;
    this.own.belongTo(me.id);
    if (!known) this.#showTalkAnew();
    // Otherwise first the tail is looked through for commands that did arrive; opens when that is there.
    if (this.state?.epoch !== head.epoch) this.own.open();
    this.#timeline.resume(head);
  }

  /** The server is gone. */
  pause(): void {
    this.#timeline.pause();
    this.own.shut();
  }

  /** It is left for good. */
  close(): void {
    this.pause();
    this.own.close();
  }

  receive(epoch: string, events: readonly TimelineEvent[]): void {
    this.#timeline.receive(epoch, events);
  }

  async #catchup(after: Position): Promise<Tail> {
    const tail = await this.#source.catchup(after);
    // A snapshot does not name commands: their answers do, and they should be here before it.
    if (tail.reset) this.own.open();
    return tail;
  }

  #showTalkAnew(): void {
    if (this.state) this.#talk.rebuild(this.state, this.me);
    this.#listener.changed('messages');
  }

  #self(): number {
    for (const [index, person] of this.state?.people ?? []) if (person.id === this.me?.id) return index;
    return -1;
  }

  #applied(event: TimelineEvent): void {
    const { state } = this;
    if (!state) return;
    if (event.type === 'person.entered') {
      this.#showTalkAnew();
      this.#listener.changed('board');
      return;
    }
    const own = this.own.retire(event.command);
    if (own) {
      this.#name(own, event.seq);
      this.#listener.changed('outbox');
    }
    if (event.type === 'message.posted') {
      const message = state.messages.at(-1);
      if (message) this.#talk.add(message, state, this.me);
      this.#listener.changed('messages');
    } else {
      this.board.applied(event);
      this.#listener.boardMoved();
      this.#listener.changed('board');
    }
  }

  #replaced(more: boolean | undefined): void {
    const { state } = this;
    if (!state) return;
    this.history.more = more ?? this.history.more;
    if (this.#epoch !== undefined && this.#epoch !== state.epoch) {
      this.#talk.forgetNames();
      this.board.forgetNames();
      this.undoHistory.reset();
      // Acknowledged by a timeline that is no more.
      this.own.retireUpTo(Infinity);
    }
    this.#epoch = state.epoch;
    this.own.retireUpTo(state.seq);
    this.#showTalkAnew();
    this.board.touch();
    this.#listener.boardMoved();
    this.#listener.changed('board', 'outbox');
  }

  #advanced(): void {
    this.#retireAcknowledged();
    this.own.open();
  }

  /** What was acknowledged and left no event behind. */
  #retireAcknowledged(): void {
    const { state } = this;
    if (!state || this.own.retireUpTo(state.seq).length === 0) return;
    this.#showTalkAnew();
    this.board.touch();
    this.#listener.changed('board');
  }

  #added(entry: OutboxEntry): void {
    const isMessage = entry.body.type === 'message.post';
    if (isMessage) this.#talk.touch();
    else this.board.added(entry);
    this.#listener.changed('outbox', isMessage ? 'messages' : 'board');
  }

  #acknowledged(entry: OutboxEntry, seq: number): void {
    this.#name(entry, seq);
    this.#retireAcknowledged();
    this.#timeline.expect(seq);
    this.#listener.changed('outbox');
  }

  #name({ id, body }: OutboxEntry, seq: number): void {
    if (body.type === 'message.post') this.#talk.name(seq, id);
    else this.board.name(id, seq);
  }

  #showOwnAnew(): void {
    this.board.touch();
    this.#talk.touch();
    this.#listener.changed('outbox', 'messages', 'board');
  }
}
