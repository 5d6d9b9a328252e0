import type { InkBegin, Joined, LiveEntry, ServerToClient } from '../../protocol/conversation.js';
import { RefusedError, type Refusal, refusal } from '../../protocol/errors.js';
import { LIMITS } from '../../protocol/limits.js';
import type { Person, Role, Stroke } from '../../protocol/timeline/state.js';
import { Attendance } from './attendance.js';
import { Changes } from './changes.js';
import type { ConnectedRoom } from './connected-room.js';
import type { Connection } from './connection.js';
import type { Aspect, MessageView, PeerView, Refused, RoomSession, ShapeView, Status } from './contract.js';
import { Listeners } from './listeners.js';
import type { SiteAddress } from './pages-api.js';
import type { Platform } from './platform.js';
import { ReadPosition } from './read-position.js';
import { RoomRecord } from './record.js';
import { roomSource } from './room-source.js';
import { Standing } from './standing.js';

export interface RoomParts {
  readonly address: SiteAddress;
  readonly room: string;
  readonly connection: Connection;
  readonly platform: Platform;
  /** It has left its connection. */
  readonly onClose: () => void;
}

type Fact<Name extends keyof ServerToClient> = Parameters<ServerToClient[Name]>[0];

/** A room as its user has it: what is kept (record.ts), what is live, and the connection that both come by. */
export class Room implements RoomSession, ConnectedRoom {
  readonly site: string;
  readonly room: string;
  readOnArrival = 0;
  readonly #connection: Connection;
  readonly #record: RoomRecord;
  readonly #attendance: Attendance;
  readonly #read: ReadPosition;
  readonly #changes: Changes;
  readonly #refusals: Listeners<Refused>;
  readonly #standing: Standing;
  readonly #onClose: () => void;

  constructor({ address, room, connection, platform, onClose }: RoomParts) {
    this.site = address.site;
    this.room = room;
    this.#connection = connection;
    this.#onClose = onClose;
    const report = (error: unknown): void => platform.report(error);
    this.#changes = new Changes(report);
    this.#refusals = new Listeners(report);
    this.#standing = new Standing(connection, () => this.#changes.mark('status'));
    const attendance = new Attendance({
      connection,
      platform,
      drawn: id => this.#record.board.isDrawn(id),
      changed: () => this.#changes.mark('peers'),
    });
    this.#attendance = attendance;
    this.#record = new RoomRecord(
      { ...address, room },
      roomSource(address, room, connection, platform),
      {
        changed: (...aspects) => this.#changes.mark(...aspects),
        boardMoved: () => attendance.peers.settleInk() && this.#changes.mark('peers'),
        complete: () => this.#standing.completed(),
        stopped: reason => this.refused(reason),
        refused: ({ type }, reason) => {
          if (type === 'shape.draw') attendance.live.inkRefused();
          this.#refusals.tell({ command: type, refusal: reason });
        },
      },
      platform,
    );
    this.#read = new ReadPosition(seq => connection.order('read', { room, seq }), platform);
    connection.attach(this);
  }

  get status(): Status {
    return this.#standing.status;
  }

  get refusal(): Refusal | undefined {
    return this.#standing.refusal;
  }

  get title(): string {
    return this.#attendance.title;
  }

  get role(): Role | undefined {
    return this.#attendance.role;
  }

  get handle(): number | undefined {
    return this.#attendance.handle;
  }

  get me(): Person | undefined {
    return this.#record.me;
  }

  get messages(): readonly MessageView[] {
    return this.#record.messages;
  }

  get history(): RoomSession['history'] {
    const { state, history } = this.#record;
    return { loaded: state !== undefined, more: history.more, loading: history.loading };
  }

  get board(): { readonly shapes: ReadonlyMap<string, ShapeView>; readonly version: number } {
    const { shapes, version } = this.#record.board;
    return { shapes, version };
  }

  get authors(): ReadonlyMap<number, Person> {
    return this.#record.state?.people ?? new Map();
  }

  get canUndo(): boolean {
    return this.#record.undoHistory.canUndo;
  }

  get canRedo(): boolean {
    return this.#record.undoHistory.canRedo;
  }

  get peers(): readonly PeerView[] {
    return this.#attendance.peers.list;
  }

  get peerCount(): number {
    return this.#attendance.peers.count;
  }

  get waiting(): number {
    return this.#record.waiting;
  }

  get lasting(): boolean {
    return this.#record.own.lasting;
  }

  send(text: string): string {
    const trimmed = text.trim();
    if (trimmed === '') throw new RefusedError('text_empty');
    if (trimmed.length > LIMITS.messageText) throw new RefusedError('too_large');
    this.#attendance.live.typing(false);
    return this.#record.give({ type: 'message.post', text: trimmed });
  }

  retry(key: string): void {
    this.#record.own.retry(key);
  }

  discard(key: string): void {
    this.#record.own.discard(key);
  }

  loadHistory(): Promise<void> {
    return this.#record.history.load();
  }

  markRead(seq: number): void {
    this.#read.reach(seq);
  }

  typing(is: boolean): void {
    this.#attendance.live.typing(is);
  }

  inkBegin(begin: InkBegin): void {
    this.#attendance.live.inkBegin(begin);
  }

  inkMore(points: string): void {
    this.#attendance.live.inkMore(points);
  }

  inkDrop(): void {
    this.#attendance.live.inkDrop();
  }

  draw(stroke: Stroke): void {
    const { live } = this.#attendance;
    try {
      if (stroke.points.length > LIMITS.strokePoints) throw new RefusedError('too_large');
      this.#record.do({ type: 'shape.draw', stroke });
    } catch (error) {
      live.inkDrop();
      throw error;
    }
    live.inkDone(stroke.id);
  }

  erase(shapes: readonly string[]): void {
    for (let from = 0; from < shapes.length; from += LIMITS.shapesPerCommand) {
      this.#record.do({ type: 'shapes.erase', shapes: shapes.slice(from, from + LIMITS.shapesPerCommand) });
    }
  }

  clear(): void {
    this.#record.do({ type: 'board.clear' });
  }

  undo(): void {
    this.#record.undoHistory.undo();
  }

  redo(): void {
    this.#record.undoHistory.redo();
  }

  cursor(at: { readonly x: number; readonly y: number } | undefined): void {
    this.#attendance.live.cursor(at);
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
        if (this.waiting > 0 && !this.#standing.closed) return;
        if (this.waiting === 0) resolve();
        else reject(new Error('The room was left with commands in its outbox.'));
        queueMicrotask(() => stop());
      });
    });
  }

  close(): void {
    if (this.#standing.closed) return;
    this.#standing.close();
    this.lost();
    this.#record.close();
    const told = this.#read.stop();
    this.#connection.detach(this);
    // A connection that ends together with an order takes the order with it.
    if (told) void told.then(this.#onClose);
    else this.#onClose();
  }

  // What the connection tells.

  joined(joined: Joined): void {
    if (!this.#standing.arrived) this.readOnArrival = joined.read;
    this.#standing.joined();
    this.#record.resume(joined.head, joined.you.person);
    this.#attendance.begin(joined);
    this.#read.restart(joined.read);
    this.#changes.mark('messages');
  }

  refused(reason: Refusal): void {
    this.#standing.refused(reason);
    this.lost();
  }

  lost(): void {
    this.#standing.lost();
    this.#record.pause();
    this.#attendance.end();
  }

  statusChanged(): void {
    this.#changes.mark('status');
  }

  events({ epoch, events }: Fact<'events'>): void {
    this.#record.receive(epoch, events);
  }

  presence({ came, left, count }: Fact<'presence'>): void {
    this.#attendance.presence(came, left, count);
  }

  roleChanged({ role }: Fact<'role'>): void {
    if (role === null) {
      this.refused(refusal('room_forbidden'));
      return;
    }
    this.#attendance.role = role;
    this.#changes.mark('status');
  }

  frame(pairs: readonly (number | LiveEntry)[]): void {
    this.#attendance.frame(pairs);
  }
}
