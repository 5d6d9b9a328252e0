import type { Answer } from '../../protocol/conversation.js';
import { type Refusal, refusal } from '../../protocol/errors.js';
import { newShapeId } from '../../protocol/names.js';
import type { CommandBody } from '../../protocol/timeline/commands.js';
import { Outbox, type OutboxEntry } from './outbox.js';
import type { KeptCommand, OutboxPlace } from './outbox-store.js';
import type { Platform } from './platform.js';
import { ShelfKeeper } from './shelf-keeper.js';
import { UndoHistory } from './undo-history.js';

/** A message that the server would not take, until the person decides. */
export interface FailedMessage extends KeptCommand {
  readonly body: Extract<CommandBody, { type: 'message.post' }>;
  readonly refusal: Refusal;
}

export interface OwnCommandsPort {
  /** Sends once. Rejects where no answer came. */
  send(entry: OutboxEntry): Promise<Answer<{ readonly seq: number }>>;
  /** A command was given, the last of all. */
  added(entry: OutboxEntry): void;
  /** The server has kept it. */
  acknowledged(entry: OutboxEntry, seq: number): void;
  /** A command will not be sent any more. */
  refused(body: CommandBody, refusal: Refusal): void;
  /** What is on its way or failed is another, in whatever way. */
  changed(): void;
  /** What waits is kept, or is not any more. */
  lastingChanged(): void;
}

/**
 * The commands that this person has given in this room and that the timeline does not show so far: those on their way, in the outbox,
 * and the messages that were refused; and which of their commands can be taken back. They are kept for the next page where the
 * platform can, and what earlier pages left is taken up, before all that is new.
 */
export class OwnCommands {
  readonly undoHistory = new UndoHistory(body => this.give(body));
  readonly #port: OwnCommandsPort;
  readonly #outbox: Outbox;
  readonly #keeper: ShelfKeeper;
  #failed: readonly FailedMessage[] = [];
  #person: string | undefined;
  /** Whether the server is there. */
  #open = false;
  /** Whether what earlier pages left is here, or is not waited for any longer. */
  #ready = false;

  constructor(place: Omit<OutboxPlace, 'person'>, port: OwnCommandsPort, platform: Platform) {
    this.#port = port;
    this.#outbox = new Outbox(
      {
        send: entry => port.send(entry),
        acknowledged: (entry, seq) => {
          this.#keeper.drop(entry.id);
          port.acknowledged(entry, seq);
        },
        refused: (entry, reason) => this.#refused(entry, reason),
      },
      platform,
    );
    this.#keeper = new ShelfKeeper(
      place,
      {
        present: () => [...this.#failed, ...this.#unanswered()],
        takeUp: (left, first) => this.#takeUp(left, first),
        ready: () => {
          this.#ready = true;
          if (this.#open) this.#outbox.open();
        },
        lastingChanged: () => port.lastingChanged(),
      },
      platform,
    );
  }

  /** On their way, in order; those too that are acknowledged but not in the timeline yet. */
  get entries(): Iterable<OutboxEntry> {
    return this.#outbox.entries;
  }

  /** In order; each was given before everything that is on its way. */
  get failed(): readonly FailedMessage[] {
    return this.#failed;
  }

  /** How many are not acknowledged. */
  get waiting(): number {
    return this.#outbox.waiting;
  }

  /** Whether what waits outlives this page. */
  get lasting(): boolean {
    return this.#keeper.lasting;
  }

  /**
   * Gives a command: shown at once, sent when it can be.
   *
   * @throws RefusedError `outbox_full` where too much is waiting already
   */
  give(body: CommandBody): string {
    const entry = this.#outbox.add(body);
    this.#keeper.keep(entry);
    this.#port.added(entry);
    return entry.id;
  }

  /** Gives a command that can be undone. */
  do(body: CommandBody): void {
    this.undoHistory.did(this.give(body), body);
  }

  /**
   * Gives the text of a failed message once more, as a new message: the server may know the old one.
   *
   * @throws RefusedError `outbox_full`; then it stays
   */
  retry(id: string): void {
    const failed = this.#failed.find(message => message.id === id);
    if (!failed) return;
    this.give(failed.body);
    this.discard(id);
  }

  /** Forgets a failed message. */
  discard(id: string): void {
    this.#failed = this.#failed.filter(message => message.id !== id);
    this.#keeper.drop(id);
    this.#port.changed();
  }

  /** Now it is known who gives them; called each time that the room was joined. */
  belongTo(person: string): void {
    if (this.#person !== undefined && this.#person !== person) this.#putAway();
    this.#person = person;
    void this.#keeper.open(person);
  }

  /** The server is there: sends everything that is not acknowledged. */
  open(): void {
    this.#open = true;
    if (this.#ready) this.#outbox.open();
  }

  /** The server is gone. */
  shut(): void {
    this.#open = false;
    this.#outbox.shut();
  }

  /** The command's event is in the timeline: forgets it, and returns it if it was here. */
  retire(id: string): OutboxEntry | undefined {
    const entry = this.#outbox.retire(id);
    if (entry) this.#keeper.drop(id);
    return entry;
  }

  /** The timeline has come to `seq`: forgets what was acknowledged up to there, and returns it. */
  retireUpTo(seq: number): OutboxEntry[] {
    return this.#outbox.retireUpTo(seq);
  }

  /** Leaves what waits where it lasts. */
  close(): void {
    this.#keeper.close();
  }

  #unanswered(): OutboxEntry[] {
    return [...this.entries].filter(({ seq }) => seq === undefined);
  }

  #takeUp(left: readonly KeptCommand[], first: boolean): void {
    const known = new Set(this.#failed.map(({ id }) => id));
    this.#failed = [...left.filter(isFailed).filter(({ id }) => !known.has(id)), ...this.#failed];
    const taken = this.#outbox.takeUp(left.filter(command => !isFailed(command)));
    // What somebody did in another tab, which was there beside this one, is not undone in this one.
    for (const { id, body } of first ? taken : []) {
      if (body.type === 'command.undo') this.undoHistory.forget(body.command);
      else if (body.type !== 'message.post') this.undoHistory.did(id, body);
    }
    this.#port.changed();
  }

  /** Somebody else is here now. */
  #putAway(): void {
    const { lasting } = this;
    const entries = this.#unanswered();
    this.close();
    this.#ready = false;
    this.#outbox.shut();
    for (const { id } of entries) this.#outbox.retire(id);
    this.#outbox.retireUpTo(Infinity);
    if (lasting) this.#failed = [];
    // Otherwise they have no other place, and the one who gave them may be the one who is here.
    else for (const entry of entries) this.#refused(entry, refusal('token_person_changed'));
    this.undoHistory.reset();
    this.#port.changed();
  }

  #refused({ id, body, createdAt }: OutboxEntry, reason: Refusal): void {
    this.undoHistory.forget(id);
    this.#keeper.drop(id);
    if (body.type === 'message.post') {
      const failed: FailedMessage = { id, body, createdAt, refusal: reason };
      // One that was too old was given before those that failed on an earlier page.
      this.#failed = [...this.#failed, failed].sort((one, other) => one.createdAt - other.createdAt);
      this.#keeper.keep(failed);
    }
    this.#port.changed();
    if (body.type === 'shape.draw' && reason.code === 'shape_id_taken') {
      // A chance in billions, or somebody's malice: the stroke is kept under another id.
      this.do({ ...body, stroke: { ...body.stroke, id: newShapeId() } });
    } else this.#port.refused(body, reason);
  }
}

function isFailed(command: KeptCommand): command is FailedMessage {
  return command.refusal !== undefined && command.body.type === 'message.post';
}
