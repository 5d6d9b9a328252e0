import type { Answer } from '../../../protocol/conversation.js';
import { RefusedError, type Refusal } from '../../../protocol/errors.js';
import type { CommandBody } from '../../../protocol/timeline/commands/index.js';
import type { Snapshot } from '../../../protocol/timeline/state.js';
import type { Actor } from '../../../server/domain/decide.js';
import type { OutboxEntry } from '../../../widget/session/outbox.js';
import type { KeptOutbox, OutboxStore } from '../../../widget/session/outbox-store.js';
import { type Platform, realPlatform } from '../../../widget/session/platform.js';
import { RoomRecord } from '../../../widget/session/record.js';
import { ManualClock } from '../manual-clock.js';
import type { SimulatedServer } from './simulated-server.js';
import { isDraw } from '../commands.js';

/** Something on its way, either way. */
interface Letter {
  /**
   * The connection that it travels on, which it needs to the end; orders that have left arrive
   * without it too.
   */
  readonly connection: number | undefined;
  readonly deliver: () => void;
}

/** How long an order is waited for, in milliseconds. */
const PATIENCE = 10_000;

/**
 * One page with the real merge of what is kept (widget/session/record.ts), over a network in which
 * nothing moves by itself: everything on its way is a letter, which somebody carries, drops or
 * doubles.
 */
export class SimulatedClient {
  readonly actor: Actor;
  readonly letters: Letter[] = [];
  /** What was refused, as it was told. */
  readonly refused: { readonly body: CommandBody; readonly refusal: Refusal }[] = [];
  /** Every command that was ever sent, by id. */
  readonly sent = new Map<string, CommandBody>();
  clock = new ManualClock(1_000);
  record: RoomRecord;
  stopped: Refusal | undefined;
  /** Up to where the page has come by snapshots, which name no commands. */
  leapt = 0;
  /** What threw where nobody catches it. */
  readonly faults: unknown[] = [];
  readonly #server: SimulatedServer;
  readonly #outboxes: OutboxStore;
  /** Where the present page keeps its outbox. */
  #kept: KeptOutbox | undefined;
  readonly #hear = this.#told.bind(this);
  /** The number of the present connection; undefined while there is none. */
  #connection: number | undefined;
  #connections = 0;
  /** What ends the waiting for answers on the present connection. */
  readonly #hanging = new Set<() => void>();

  constructor(actor: Actor, server: SimulatedServer, outboxes: OutboxStore) {
    this.actor = actor;
    this.#outboxes = outboxes;
    this.#server = server;
    this.record = this.#open();
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /** The points of every stroke that was sent, once for each id that it was sent under. */
  get drawn(): readonly string[] {
    return [...this.sent.values()].flatMap(body => (isDraw(body) ? [body.shape.content.points] : []));
  }

  /** Whether this page has heard who the person is. */
  get isKnown(): boolean {
    return this.record.me !== undefined;
  }

  connect(): void {
    if (this.isConnected) return;
    this.#connections += 1;
    this.#connection = this.#connections;
    this.#server.listeners.add(this.#hear);
    this.record.resume(this.#server.head, this.actor.person);
  }

  cut(): void {
    if (!this.isConnected) return;
    this.#lose();
    this.record.pause();
  }

  /** The page is loaded again. @param isTold whether the old one had time to say so */
  reload(isTold: boolean): void {
    // What waits in it waits for ever.
    this.#hanging.clear();
    this.#lose();
    if (isTold) this.record.close();
    this.#kept?.close();
    this.clock = new ManualClock(this.clock.now());
    this.record = this.#open();
  }

  #lose(): void {
    this.#server.listeners.delete(this.#hear);
    const lost = this.#connection;
    this.#connection = undefined;
    const staying = this.letters.filter(({ connection }) => connection === undefined || connection !== lost);
    this.letters.splice(0, Infinity, ...staying);
    for (const end of [...this.#hanging]) end();
  }

  #open(): RoomRecord {
    const record: RoomRecord = new RoomRecord(
      { server: 'https://chalk.example.com', site: 'acme', room: 'algebra-101' },
      {
        catchup: after => this.#order(answer => answer(this.#server.tail(after))),
        snapshot: () => this.#snapshot(),
        history: before => this.#order(answer => answer(this.#server.history(before))),
        command: entry => this.#command(entry),
      },
      {
        changed: () => undefined,
        boardMoved: () => undefined,
        complete: () => undefined,
        stopped: refusal => (this.stopped = refusal),
        refused: (body, refusal) => this.refused.push({ body, refusal }),
      },
      this.#platform(),
    );
    return record;
  }

  #platform(): Platform {
    const { clock } = this;
    return {
      ...realPlatform(),
      now: () => clock.now(),
      elapsed: () => clock.now(),
      random: () => 0.5,
      after: (ms, task) => clock.after(ms, task),
      outboxStore: () => Promise.resolve({ open: (...place) => this.#keepOutbox(...place) }),
      report: error => this.faults.push(error),
    };
  }

  async #snapshot(): Promise<Snapshot> {
    const snapshot = await this.#order<Snapshot>(answer => answer(this.#server.snapshot()));
    this.leapt = Math.max(this.leapt, snapshot.seq);
    return snapshot;
  }

  async #keepOutbox(...place: Parameters<OutboxStore['open']>): Promise<KeptOutbox> {
    return (this.#kept = await this.#outboxes.open(...place));
  }

  #command({ id, body }: OutboxEntry): Promise<Answer<{ readonly seq: number }>> {
    this.sent.set(id, body);
    return this.#order(answer => this.#server.arrive({ actor: this.actor, command: { id, body }, answer }));
  }

  /** An order to the server: a letter there, and one back. Rejects where no answer comes. */
  #order<Result>(arrive: (answer: (result: Result) => void) => void): Promise<Result> {
    const connection = this.#connection;
    return new Promise((resolve, reject) => {
      const calmed = this.clock.after(PATIENCE, () => end());
      const end = (): void => {
        calmed();
        this.#hanging.delete(end);
        reject(new RefusedError('unavailable'));
      };
      this.#hanging.add(end);
      const back = (result: Result): void => {
        if (connection !== this.#connection) return;
        const deliver = (): void => {
          calmed();
          this.#hanging.delete(end);
          resolve(structuredClone(result));
        };
        this.letters.push({ connection, deliver });
      };
      this.letters.push({ connection: undefined, deliver: () => arrive(back) });
    });
  }

  #told(epoch: string, events: Parameters<RoomRecord['receive']>[1]): void {
    const { record } = this;
    this.letters.push({ connection: this.#connection, deliver: () => record.receive(epoch, events) });
  }
}
