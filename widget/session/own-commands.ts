import type { Answer } from '../../protocol/conversation.js';
import { type Refusal, refusal } from '../../protocol/errors.js';
import type { CommandBody } from '../../protocol/timeline/commands.js';
import { Outbox, type OutboxEntry } from './outbox.js';
import type { KeptCommand, OutboxPlace, OutboxShelf, OutboxStore } from './outbox-store.js';
import type { Platform } from './platform.js';
import { Timer } from './timer.js';

/** A message that the server would not take, until the person decides. */
export interface FailedMessage extends KeptCommand {
  readonly body: Extract<CommandBody, { type: 'message.post' }>;
  readonly refusal: Refusal;
}

export interface OwnCommandsPort {
  /** Sends once. Rejects where no answer came. */
  send(entry: OutboxEntry): Promise<Answer<{ readonly seq: number }>>;
  /** The server has kept it. */
  acknowledged(entry: OutboxEntry, seq: number): void;
  /** It will not be sent any more; a message is among the failed ones now. */
  refused(entry: OutboxEntry, refusal: Refusal): void;
  /** Commands of another page were put before all others. `first`: of those that were there before this one. */
  takenUp(entries: readonly OutboxEntry[], first: boolean): void;
  /** All are somebody else's. */
  exchanged(): void;
  /** What waits is kept, or is not any more. */
  lastingChanged(): void;
}

/** How long is waited for what an earlier page left, in milliseconds, before what is new is sent without it. */
const PATIENCE = 2_000;

/**
 * The commands that this person has given in this room and nobody has taken so far: those on their way, in the outbox, and the messages
 * that were refused. They are put on a shelf that outlives the page where there is one, and what earlier pages left there is taken
 * up, both without anyone waiting for it.
 */
export class OwnCommands {
  readonly #place: Omit<OutboxPlace, 'person'>;
  readonly #port: OwnCommandsPort;
  readonly #outbox: Outbox;
  readonly #patience: Timer;
  readonly #loadStore: () => Promise<OutboxStore | undefined> | undefined;
  #store: Promise<OutboxStore | undefined> | undefined;
  #shelf: OutboxShelf | undefined;
  #failed: readonly FailedMessage[] = [];
  #person: string | undefined;
  /** Whether the server is there. */
  #open = false;
  /** Whether what earlier pages left is here, or is not waited for any longer. */
  #unpacked = false;
  #unpacking = false;
  /** Rises with each person and at the end. */
  #round = 0;

  constructor(place: Omit<OutboxPlace, 'person'>, port: OwnCommandsPort, platform: Platform) {
    this.#place = place;
    this.#port = port;
    this.#outbox = new Outbox(
      {
        send: entry => port.send(entry),
        acknowledged: (entry, seq) => {
          this.#shelf?.drop(entry.id);
          port.acknowledged(entry, seq);
        },
        refused: (entry, reason) => this.#refused(entry, reason),
      },
      platform,
    );
    this.#patience = new Timer(platform);
    this.#loadStore = () => platform.outboxStore?.().catch(() => undefined);
    // While the connection is being made.
    this.#store = this.#loadStore();
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
    return this.#shelf?.lasting ?? false;
  }

  /** Now it is known who gives them; called each time that the room was joined. */
  belongTo(person: string): void {
    if (person !== this.#person) {
      if (this.#person !== undefined) this.#putAway();
      this.#person = person;
      void this.#unpack(person);
    } else if (this.#shelf) this.#shelf.look();
    else if (!this.#unpacking) void this.#unpack(person);
  }

  /** @throws RefusedError `outbox_full` */
  add(body: CommandBody): OutboxEntry {
    const entry = this.#outbox.add(body);
    this.#shelf?.keep(entry);
    return entry;
  }

  /** The server is there: sends everything that is not acknowledged. */
  open(): void {
    this.#open = true;
    if (this.#unpacked) this.#outbox.open();
  }

  /** The server is gone. */
  shut(): void {
    this.#open = false;
    this.#outbox.shut();
  }

  /** The command's event is in the timeline: forgets it, and returns it if it was here. */
  retire(id: string): OutboxEntry | undefined {
    const entry = this.#outbox.retire(id);
    if (entry) this.#shelf?.drop(id);
    return entry;
  }

  /** The timeline has come to `seq`: forgets what was acknowledged up to there, and returns it. */
  retireUpTo(seq: number): OutboxEntry[] {
    return this.#outbox.retireUpTo(seq);
  }

  /** Takes a failed message out. */
  forgetFailed(id: string): void {
    this.#failed = this.#failed.filter(message => message.id !== id);
    this.#shelf?.drop(id);
  }

  /** Leaves what waits on its shelf. */
  close(): void {
    this.#round += 1;
    this.#patience.stop();
    this.#shelf?.close();
    this.#shelf = undefined;
  }

  async #unpack(person: string): Promise<void> {
    const round = (this.#round += 1);
    const current = (): boolean => round === this.#round;
    this.#store ??= this.#loadStore();
    if (!this.#store) {
      this.#begin();
      return;
    }
    this.#unpacking = true;
    if (!this.#unpacked) this.#patience.start(PATIENCE, () => this.#begin());
    const store = await this.#store;
    const shelf = await store?.open(
      { ...this.#place, person },
      {
        found: left => current() && this.#takeUp(left, false),
        changed: () => current() && this.#port.lastingChanged(),
      },
    );
    if (!current()) {
      shelf?.close();
      return;
    }
    this.#unpacking = false;
    // Where it did not load, it is loaded again the next time.
    this.#store = undefined;
    if (shelf) this.#moveIn(shelf);
    this.#begin();
  }

  #moveIn(shelf: OutboxShelf): void {
    this.#shelf = shelf;
    this.#takeUp(shelf.left, true);
    const there = new Set(shelf.left.map(({ id }) => id));
    // What this page had given so far comes after it, on the shelf too.
    for (const command of [...this.#failed, ...this.entries]) {
      if (!there.has(command.id) && !isAcknowledged(command)) shelf.keep(command);
    }
    this.#port.lastingChanged();
  }

  #begin(): void {
    this.#patience.stop();
    this.#unpacked = true;
    if (this.#open) this.#outbox.open();
  }

  #takeUp(left: readonly KeptCommand[], first: boolean): void {
    const failed = left.filter(isFailed).filter(({ id }) => !this.#failed.some(known => known.id === id));
    this.#failed = [...failed, ...this.#failed];
    this.#port.takenUp(this.#outbox.takeUp(left.filter(command => !isFailed(command))), first);
  }

  /** Somebody else is here now. */
  #putAway(): void {
    const { lasting } = this;
    const entries = [...this.#outbox.entries].filter(entry => !isAcknowledged(entry));
    this.close();
    this.#unpacked = this.#unpacking = false;
    this.#outbox.shut();
    for (const { id } of entries) this.#outbox.retire(id);
    this.#outbox.retireUpTo(Infinity);
    if (lasting) this.#failed = [];
    // Otherwise they have no other place, and the one who gave them may be the one who is here.
    else for (const entry of entries) this.#refused(entry, refusal('token_person_changed'));
    this.#port.exchanged();
  }

  #refused(entry: OutboxEntry, reason: Refusal): void {
    const { id, body, createdAt } = entry;
    if (body.type === 'message.post') {
      const failed: FailedMessage = { id, body, createdAt, refusal: reason };
      this.#failed = [...this.#failed, failed];
      this.#shelf?.keep(failed);
    } else this.#shelf?.drop(id);
    this.#port.refused(entry, reason);
  }
}

function isFailed(command: KeptCommand): command is FailedMessage {
  return command.refusal !== undefined && command.body.type === 'message.post';
}

function isAcknowledged(command: KeptCommand | OutboxEntry): boolean {
  return 'seq' in command && command.seq !== undefined;
}
