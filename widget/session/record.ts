import type { Answer, Head, Position, Tail } from '../../protocol/conversation.js';
import type { Refusal } from '../../protocol/errors.js';
import type { HistoryPage } from '../../protocol/schema/http.js';
import { type CommandBody, COMMANDS } from '../../protocol/timeline/commands/index.js';
import type { Effect } from '../../protocol/timeline/effects.js';
import type { AnyEvent } from '../../protocol/timeline/events.js';
import type { HeldState, Person, Snapshot } from '../../protocol/timeline/state.js';
import { Board } from './board.js';
import type { Aspect, MessageView } from './contract.js';
import { History } from './history.js';
import type { OutboxEntry } from './outbox.js';
import type { OutboxPlace } from './outbox-store.js';
import { Overlay } from './overlay.js';
import { OwnCommands } from './own-commands.js';
import type { Platform } from './platform.js';
import { Talk } from './talk.js';
import { Timeline } from './timeline.js';

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
 * What is kept of a room, as this person sees it: the timeline and, laid over it, their own
 * commands that it does not hold yet. Ties the timeline to those commands, and both to what is
 * shown; knows nothing of connections and of what is live.
 */
export class RoomRecord {
  me: Person | undefined;
  readonly board: Board;
  readonly history: History;
  readonly own: OwnCommands;
  readonly #listener: RecordListener;
  readonly #timeline: Timeline;
  readonly #overlay: Overlay;
  readonly #talk: Talk;
  #epoch: string | undefined;
  #toldNewer = false;

  constructor(place: Omit<OutboxPlace, 'person'>, source: RecordSource, listener: RecordListener, platform: Platform) {
    this.#listener = listener;
    this.own = new OwnCommands(
      place,
      {
        send: entry => source.command(entry),
        added: entry => this.#added(entry),
        acknowledged: (entry, seq) => this.#acknowledged(entry, seq),
        refused: (body, refusal) => listener.refused(body, refusal),
        changed: () => {
          this.#showAnew();
          listener.changed('outbox');
        },
        lastingChanged: () => listener.changed('outbox'),
      },
      platform,
    );
    this.#timeline = new Timeline(
      {
        snapshot: () => source.snapshot(),
        catchup: after => this.#catchup(source, after),
      },
      {
        applied: (event, effects) => this.#applied(event, effects),
        replaced: more => this.#replaced(more),
        advanced: () => {
          this.#retireAcknowledged();
          this.own.open();
        },
        complete: () => {
          this.own.open();
          listener.complete();
        },
        refused: refusal => listener.stopped(refusal),
      },
      platform,
    );
    this.#overlay = new Overlay({
      state: () => this.state,
      pending: () => this.own.entries,
      author: () => this.#author(),
    });
    this.board = new Board(this.#overlay, () => this.state);
    this.#talk = new Talk(this.#overlay, { me: () => this.me, failed: () => this.own.failed });
    this.history = new History({
      fetch: before => source.history(before),
      state: () => this.state,
      changed: () => {
        this.#talk.renew();
        listener.changed('messages');
      },
    });
  }

  get state(): HeldState | undefined {
    return this.#timeline.state;
  }

  /** Whether the timeline has events of a type that this script does not know. */
  get newer(): boolean {
    return this.state?.newer ?? false;
  }

  get messages(): readonly MessageView[] {
    return this.#talk.messages;
  }

  /** The server is there, knows us as `me`, and its timeline ends at `head`. */
  resume(head: Head, me: Person): void {
    const known = this.me?.id === me.id;
    this.me = me;
    // Commands may be acknowledged before the first state is here.
    this.#epoch ??= head.epoch;
    this.own.belongTo(me.id);
    if (!known) this.#showAnew();
    // Otherwise first the tail is looked through for commands that did arrive; opens when that is
    // there.
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

  receive(epoch: string, events: readonly AnyEvent[]): void {
    this.#timeline.receive(epoch, events);
  }

  async #catchup(source: RecordSource, after: Position): Promise<Tail> {
    const tail = await source.catchup(after);
    // A snapshot does not name commands: their answers do, and they should be here before it.
    if (tail.reset) this.own.open();
    return tail;
  }

  #author(): number {
    for (const [index, person] of this.state?.people ?? []) if (person.id === this.me?.id) return index;
    return -1;
  }

  #applied(event: AnyEvent, effects: readonly Effect[]): void {
    // What says who its author is comes before what they did, under the same command.
    const isOnlyName = effects.length > 0 && effects.every(({ type }) => type === 'putPerson');
    const own = isOnlyName ? undefined : this.own.retire(event.command);
    if (own) {
      this.#name(own, event.seq);
      this.#listener.changed('outbox');
    }
    if (this.#overlay.follow(effects, own?.id)) this.#show(effects);
    else this.#showAnew();
    if (effects.some(({ type }) => type === 'putShape')) this.#listener.boardMoved();
    if (this.newer && !this.#toldNewer) {
      this.#toldNewer = true;
      this.#listener.changed('status');
    }
  }

  #replaced(more: boolean | undefined): void {
    const { state } = this;
    if (!state) return;
    this.history.more = more ?? this.history.more;
    if (this.#epoch !== undefined && this.#epoch !== state.epoch) {
      this.#talk.forgetNames();
      this.#overlay.forgetNames();
      this.own.undoHistory.reset();
      // Acknowledged by a timeline that is no more.
      this.own.retireUpTo(Infinity);
    }
    this.#epoch = state.epoch;
    this.own.retireUpTo(state.seq);
    this.#showAnew();
    this.#listener.boardMoved();
    this.#listener.changed('outbox');
  }

  /** What was acknowledged and left no event behind. */
  #retireAcknowledged(): void {
    const { state } = this;
    if (state && this.own.retireUpTo(state.seq).length > 0) this.#showAnew();
  }

  #added(entry: OutboxEntry): void {
    const effects = this.#overlay.add(entry);
    if (effects) this.#show(effects);
    else this.#showAnew();
    this.#listener.changed('outbox');
  }

  #acknowledged(entry: OutboxEntry, seq: number): void {
    this.#name(entry, seq);
    this.#retireAcknowledged();
    this.#timeline.expect(seq);
    this.#listener.changed('outbox');
  }

  /** An own command has become the event `seq`. */
  #name({ id, body }: OutboxEntry, seq: number): void {
    const { target, reversal } = COMMANDS[body.type];
    if (target === 'talk') this.#talk.name(seq, id);
    if (reversal !== 'none') this.#overlay.name(id, seq);
  }

  /** The state with what is pending was changed by this, and nothing else. */
  #show(effects: readonly Effect[]): void {
    if (this.#talk.apply(effects)) this.#listener.changed('messages');
    // Whose shapes they are is shown on the board too.
    const named = effects.some(({ type }) => type === 'putPerson');
    if (this.board.apply(effects) || named) this.#listener.changed('board');
  }

  /** Anything may have changed. */
  #showAnew(): void {
    this.#overlay.invalidate();
    this.#talk.renew();
    this.board.invalidate();
    this.#listener.changed('messages', 'board');
  }
}
