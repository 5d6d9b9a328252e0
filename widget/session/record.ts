import type { Answer, Position, Tail } from '../../protocol/conversation.js';
import type { Refusal } from '../../protocol/errors.js';
import { newShapeId } from '../../protocol/names.js';
import type { HistoryPage } from '../../protocol/schema/http.js';
import type { CommandBody } from '../../protocol/timeline/commands.js';
import type { TimelineEvent } from '../../protocol/timeline/events.js';
import type { Person, RoomState, Snapshot } from '../../protocol/timeline/state.js';
import { Board } from './board.js';
import type { Aspect, MessageView } from './contract.js';
import { History } from './history.js';
import { Outbox, type OutboxEntry } from './outbox.js';
import type { Platform } from './platform.js';
import { Talk } from './talk.js';
import { Timeline } from './timeline.js';
import { UndoHistory } from './undo-history.js';

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
  /** The server would not take a command. */
  refused(body: CommandBody, refusal: Refusal): void;
}

/**
 * What is kept of a room, as this person sees it: the timeline and, laid over it, their own commands that it does not hold yet.
 * Ties the timeline to the outbox, and both to what is shown; knows nothing of connections and of what is live.
 */
export class RoomRecord {
  me: Person | undefined;
  readonly board: Board;
  readonly history: History;
  readonly undoHistory = new UndoHistory(body => this.give(body));
  readonly #source: RecordSource;
  readonly #listener: RecordListener;
  readonly #timeline: Timeline;
  readonly #outbox: Outbox;
  readonly #talk = new Talk();
  #epoch: string | undefined;

  constructor(source: RecordSource, listener: RecordListener, platform: Platform) {
    this.#source = source;
    this.#listener = listener;
    this.#outbox = new Outbox(
      {
        send: entry => source.command(entry),
        acknowledged: (entry, seq) => this.#acknowledged(entry, seq),
        refused: (entry, refusal) => this.#refused(entry, refusal),
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
          this.#outbox.open();
          listener.complete();
        },
        refused: refusal => listener.stopped(refusal),
      },
      platform,
    );
    this.board = new Board({
      state: () => this.#timeline.state,
      pending: () => this.#outbox.entries,
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
    return this.#talk.view(this.#outbox.entries, this.me);
  }

  get waiting(): number {
    return this.#outbox.waiting;
  }

  /** The server is there, knows us as `me`, and its timeline ends at `head`. */
  resume(head: Position, me: Person): void {
    const known = this.me?.id === me.id;
    this.me = me;
    if (!known) this.#showTalkAnew();
    // Otherwise first the tail is looked through for commands that did arrive; opens when that is there.
    if (this.state?.epoch !== head.epoch) this.#outbox.open();
    this.#timeline.resume(head);
  }

  /** The server is gone. */
  pause(): void {
    this.#timeline.pause();
    this.#outbox.shut();
  }

  receive(epoch: string, events: readonly TimelineEvent[]): void {
    this.#timeline.receive(epoch, events);
  }

  /**
   * Gives a command: shown at once, sent when it can be.
   *
   * @throws RefusedError `too_large` where too much is waiting already
   */
  give(body: CommandBody): string {
    const entry = this.#outbox.add(body);
    if (body.type === 'message.post') this.#talk.touch();
    else this.board.added(entry);
    this.#listener.changed('outbox', body.type === 'message.post' ? 'messages' : 'board');
    return entry.id;
  }

  /** Gives a command that can be undone. */
  do(body: CommandBody): void {
    this.undoHistory.did(this.give(body), body);
  }

  /** Takes a failed message out; undefined where there is none with this key. */
  takeFailed(key: string): string | undefined {
    const failed = this.#talk.takeFailed(key);
    if (failed) this.#listener.changed('messages');
    return failed?.text;
  }

  async #catchup(after: Position): Promise<Tail> {
    const tail = await this.#source.catchup(after);
    // A snapshot does not name commands: their answers do, and they should be here before it.
    if (tail.reset) this.#outbox.open();
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
    const own = this.#outbox.retire(event.command);
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
      this.#outbox.retireUpTo(Infinity);
    }
    this.#epoch = state.epoch;
    this.#outbox.retireUpTo(state.seq);
    this.#showTalkAnew();
    this.board.touch();
    this.#listener.boardMoved();
    this.#listener.changed('board', 'outbox');
  }

  #advanced(): void {
    this.#retireAcknowledged();
    this.#outbox.open();
  }

  /** What was acknowledged and left no event behind. */
  #retireAcknowledged(): void {
    const { state } = this;
    if (!state || this.#outbox.retireUpTo(state.seq).length === 0) return;
    this.#showTalkAnew();
    this.board.touch();
    this.#listener.changed('board');
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

  #refused({ id, body, createdAt }: OutboxEntry, refusal: Refusal): void {
    this.undoHistory.forget(id);
    this.board.touch();
    this.#talk.touch();
    this.#listener.changed('outbox', 'messages', 'board');
    if (body.type === 'message.post') {
      this.#talk.fail({ key: id, at: createdAt, text: body.text, refusal });
    } else if (body.type === 'shape.draw' && refusal.code === 'shape_id_taken') {
      // A chance in billions, or somebody's malice: the stroke is kept under another id.
      const again = { ...body, stroke: { ...body.stroke, id: newShapeId() } };
      this.undoHistory.did(this.give(again), again);
      return;
    }
    this.#listener.refused(body, refusal);
  }
}
