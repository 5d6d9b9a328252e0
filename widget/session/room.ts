import { RefusedError, type Refusal } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import type { ShapeForm } from '../../protocol/shapes/index.js';
import type { InkBegin } from '../../protocol/shapes/stroke.js';
import type { Person, Role } from '../../protocol/timeline/state.js';
import { Changes, Listeners } from './changes.js';
import type { Aspect, MessageView, PeerView, Refused, RoomSession, ShapeView, Status } from './contract.js';
import { RoomLink, type RoomLinkOptions } from './room-link.js';

export interface RoomParts extends Pick<RoomLinkOptions, 'address' | 'room' | 'connection' | 'platform'> {
  /** It has left its connection. */
  readonly onClose: () => void;
}

/**
 * A room as its user has it: properties to read, and a method for each thing that can be done in
 * it.
 */
export class Room implements RoomSession {
  readonly site: string;
  readonly room: string;
  /** What the server tells comes this way. */
  readonly link: RoomLink;
  readonly #changes: Changes;
  readonly #refusals: Listeners<Refused>;
  readonly #onClose: () => void;

  constructor({ onClose, ...parts }: RoomParts) {
    this.site = parts.address.site;
    this.room = parts.room;
    this.#onClose = onClose;
    const report = (error: unknown): void => parts.platform.report(error);
    const changes = new Changes(report);
    const refusals = new Listeners<Refused>(report);
    this.#changes = changes;
    this.#refusals = refusals;
    this.link = new RoomLink({
      ...parts,
      changed: (...aspects) => changes.mark(...aspects),
      refused: refused => refusals.tell(refused),
    });
  }

  get status(): Status {
    return this.link.standing.status;
  }

  get refusal(): Refusal | undefined {
    return this.link.standing.refusal;
  }

  get title(): string {
    return this.link.attendance.title;
  }

  get role(): Role | undefined {
    return this.link.attendance.role;
  }

  get me(): Person | undefined {
    return this.link.record.me;
  }

  get newer(): boolean {
    return this.link.record.newer;
  }

  get readOnArrival(): number {
    return this.link.readOnArrival;
  }

  get messages(): readonly MessageView[] {
    return this.link.record.messages;
  }

  get history(): RoomSession['history'] {
    const { state, history } = this.link.record;
    return { loaded: state !== undefined, more: history.more, loading: history.loading };
  }

  get board(): { readonly shapes: ReadonlyMap<string, ShapeView>; readonly version: number } {
    const { shapes, version } = this.link.record.board;
    return { shapes, version };
  }

  get authors(): ReadonlyMap<number, Person> {
    return this.link.record.state?.people ?? new Map();
  }

  get canUndo(): boolean {
    return this.link.record.own.undoHistory.canUndo;
  }

  get canRedo(): boolean {
    return this.link.record.own.undoHistory.canRedo;
  }

  get peers(): readonly PeerView[] {
    return this.link.attendance.peers.list;
  }

  get peerCount(): number {
    return this.link.attendance.peers.count;
  }

  get waiting(): number {
    return this.link.record.own.waiting;
  }

  get lasting(): boolean {
    return this.link.record.own.lasting;
  }

  send(text: string): string {
    const trimmed = text.trim();
    if (trimmed === '') throw new RefusedError('text_empty');
    if (trimmed.length > LIMITS.messageText) throw new RefusedError('too_large');
    this.typing(false);
    return this.link.record.own.submit({ type: 'message.post', text: trimmed });
  }

  retry(key: string): void {
    this.link.record.own.retry(key);
  }

  discard(key: string): void {
    this.link.record.own.discard(key);
  }

  loadHistory(): Promise<void> {
    return this.link.record.history.load();
  }

  markRead(seq: number): void {
    this.link.read.reach(seq);
  }

  typing(is: boolean): void {
    this.link.attendance.live.typing(is);
  }

  inkBegin(begin: InkBegin): void {
    this.link.attendance.live.inkBegin(begin);
  }

  inkMore(points: string): void {
    this.link.attendance.live.inkMore(points);
  }

  inkDrop(): void {
    this.link.attendance.live.inkDrop();
  }

  draw(shape: ShapeForm, times?: string): void {
    const { live } = this.link.attendance;
    // A shape without its times is better than none.
    const told = times !== undefined && times.length <= LIMITS.strokeTimes;
    try {
      if (JSON.stringify(shape).length > LIMITS.shapeCharacters) throw new RefusedError('too_large');
      this.link.record.own.submit({ type: 'shape.draw', shape, ...(told && { times }) });
    } catch (error) {
      live.inkDrop();
      throw error;
    }
    live.inkDone(shape.id);
  }

  erase(shapes: readonly string[]): void {
    for (let from = 0; from < shapes.length; from += LIMITS.shapesPerCommand) {
      const some = shapes.slice(from, from + LIMITS.shapesPerCommand);
      this.link.record.own.submit({ type: 'shapes.erase', shapes: some });
    }
  }

  clear(): void {
    this.link.record.own.submit({ type: 'board.clear' });
  }

  undo(): void {
    this.link.record.own.undoHistory.undo();
  }

  redo(): void {
    this.link.record.own.undoHistory.redo();
  }

  cursor(at: { readonly x: number; readonly y: number } | undefined): void {
    this.link.attendance.live.cursor(at);
  }

  subscribe(listener: (changed: ReadonlySet<Aspect>) => void): () => void {
    return this.#changes.subscribe(listener);
  }

  onRefused(listener: (refused: Refused) => void): () => void {
    return this.#refusals.add(listener);
  }

  settled(): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.subscribe(() => {
        if (this.waiting > 0 && this.status !== 'closed') return;
        if (this.waiting === 0) resolve();
        else reject(new Error('The room was left with commands in its outbox.'));
        queueMicrotask(() => stop());
      });
    });
  }

  close(): void {
    if (this.status === 'closed') return;
    const told = this.link.close();
    // A connection that ends together with an order takes the order with it.
    if (told) void told.then(this.#onClose);
    else this.#onClose();
  }
}
