import type { Answer } from '../../protocol/conversation.js';
import { type Refusal, refusal } from '../../protocol/errors.js';
import { type AnyBody, type CommandBody, commandModule, COMMANDS } from '../../protocol/timeline/commands/index.js';
import { Outbox, type OutboxEntry } from './outbox.js';
import { OutboxKeeper } from './outbox-keeper.js';
import type { KeptCommand, OutboxPlace } from './outbox-store.js';
import type { Platform } from './platform.js';
import { UndoHistory } from './undo-history.js';

/** A command of the talk that the server would not take, until the person decides. */
export interface FailedCommand extends KeptCommand {
  readonly refusal: Refusal;
}

export interface OwnCommandsPort {
  /** Sends once. Rejects where no answer came. */
  send(entry: OutboxEntry): Promise<Answer<{ readonly seq: number }>>;
  /** A command was submitted, the last of all. */
  added(entry: OutboxEntry): void;
  /** The server has kept it. */
  acknowledged(entry: OutboxEntry, seq: number): void;
  /** A command will not be sent any more. */
  refused(body: CommandBody, refusal: Refusal): void;
  /** What is on its way or failed is another, in whatever way. */
  changed(): void;
  /** What waits is stored, or is not any more. */
  lastingChanged(): void;
}

/**
 * The commands that this person has submitted in this room and that the timeline does not show so
 * far: those on their way, in the outbox, and those of the talk that were refused; and which of
 * their commands can be undone. They are stored for the next page where the platform can, and what
 * earlier pages left is restored, before all that is new.
 */
export class OwnCommands {
  readonly undoHistory = new UndoHistory(body => this.#add(body));
  readonly #port: OwnCommandsPort;
  readonly #outbox: Outbox;
  readonly #keeper: OutboxKeeper;
  #failed: readonly FailedCommand[] = [];
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
          this.#keeper.delete(entry.id);
          port.acknowledged(entry, seq);
        },
        refused: (entry, reason) => this.#refused(entry, reason),
      },
      platform,
    );
    this.#keeper = new OutboxKeeper(
      place,
      {
        present: () => [...this.#failed, ...this.#unanswered()],
        restore: (earlier, first) => this.#restore(earlier, first),
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

  /** In order; each was submitted before everything that is on its way. */
  get failed(): readonly FailedCommand[] {
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
   * Submits a command: shown at once, sent when it can be. Returns its id.
   *
   * @throws RefusedError `outbox_full` where too much is waiting already
   */
  submit(body: CommandBody): string {
    const id = this.#add(body);
    this.undoHistory.record(id, body);
    return id;
  }

  /**
   * Submits a failed command once more, as a new one: the server may know the old one.
   *
   * @throws RefusedError `outbox_full`; then it stays
   */
  retry(id: string): void {
    const failed = this.#failed.find(command => command.id === id);
    if (!failed) return;
    this.submit(failed.body);
    this.discard(id);
  }

  /** Forgets a failed command. */
  discard(id: string): void {
    this.#failed = this.#failed.filter(command => command.id !== id);
    this.#keeper.delete(id);
    this.#port.changed();
  }

  /** Now it is known whose they are; called each time that the room was joined. */
  belongTo(person: string): void {
    if (this.#person !== undefined && this.#person !== person) this.#putAway();
    this.#person = person;
    void this.#keeper.load(person);
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
    if (entry) this.#keeper.delete(id);
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

  #add(body: CommandBody): string {
    const entry = this.#outbox.add(body);
    this.#keeper.put(entry);
    this.#port.added(entry);
    return entry.id;
  }

  #unanswered(): OutboxEntry[] {
    return [...this.entries].filter(({ seq }) => seq === undefined);
  }

  #restore(earlier: readonly KeptCommand[], first: boolean): void {
    const known = new Set(this.#failed.map(({ id }) => id));
    this.#failed = [...earlier.filter(isFailed).filter(({ id }) => !known.has(id)), ...this.#failed];
    const restored = this.#outbox.restore(earlier.filter(command => !isFailed(command)));
    // What somebody did in another tab, which was there beside this one, is not undone in this one.
    if (first) for (const { id, body } of restored) this.undoHistory.restore(id, body);
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
    // Otherwise they have no other place, and the one who submitted them may be the one who is
    // here.
    else for (const entry of entries) this.#refused(entry, refusal('token_person_changed'));
    this.undoHistory.reset();
    this.#port.changed();
  }

  #refused({ id, body, createdAt }: OutboxEntry, reason: Refusal): void {
    this.undoHistory.forget(id);
    this.#keeper.delete(id);
    if (COMMANDS[body.type].target === 'talk') {
      const failed: FailedCommand = { id, body, createdAt, refusal: reason };
      // One that was too old was submitted before those that failed on an earlier page.
      this.#failed = [...this.#failed, failed].sort((one, other) => one.createdAt - other.createdAt);
      this.#keeper.put(failed);
    }
    this.#port.changed();
    // A chance in billions, or somebody's malice.
    const again = reason.code === 'shape_id_taken' ? commandModule(body.type)?.underAnotherId?.(body) : undefined;
    if (again && isKnown(again)) this.submit(again);
    else this.#port.refused(body, reason);
  }
}

function isFailed(command: KeptCommand): command is FailedCommand {
  return command.refusal !== undefined;
}

function isKnown(body: AnyBody): body is CommandBody {
  return commandModule(body.type) !== undefined;
}
