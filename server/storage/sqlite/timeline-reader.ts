import type { Database, Statement } from 'better-sqlite3';

import { LIMITS } from '../../../protocol/limits.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { Person, SettingValue, Snapshot, SnapshotShape } from '../../../protocol/timeline/state.js';
import type { RoomKey } from '../../domain/room-key.js';
import type { RoomTable } from './room-table.js';
import {
  type AuthorRow,
  authorOf,
  EVENT_COLUMNS,
  type EventRow,
  eventOf,
  MESSAGE_COLUMNS,
  messagePageOf,
  type MessageRow,
  settingOf,
  type SettingRow,
  SHAPE_COLUMNS,
  type ShapeRow,
  snapshotShapeOf,
} from '../rows.js';

/** An author as a pair: the index among the room's authors, and who it is. */
type Author = readonly [index: number, person: Person];

/** Reads a room's timeline and what it adds up to. */
export class TimelineReader {
  readonly #rooms: RoomTable;
  readonly #events: Statement<[room: number, after: number, limit: number], EventRow>;
  readonly #authors: Statement<[room: number], AuthorRow>;
  readonly #author: Statement<[room: number, idx: number], AuthorRow>;
  readonly #visible: Statement<[room: number], ShapeRow>;
  readonly #settings: Statement<[room: number], SettingRow>;
  readonly #messages: Statement<[room: number, before: number, limit: number], MessageRow>;
  /** A snapshot is of one seq, whoever else may come to write. */
  readonly snapshot: (key: RoomKey) => Snapshot;

  constructor(database: Database, rooms: RoomTable) {
    this.#rooms = rooms;
    this.#events = database.prepare(
      `SELECT ${EVENT_COLUMNS} FROM event WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?`,
    );
    this.#authors = database.prepare('SELECT idx, person, name, guest FROM author WHERE room = ? ORDER BY idx');
    this.#author = database.prepare('SELECT idx, person, name, guest FROM author WHERE room = ? AND idx = ?');
    this.#visible = database.prepare(`SELECT ${SHAPE_COLUMNS} FROM shape WHERE room = ? AND hidden = 0 ORDER BY seq`);
    this.#settings = database.prepare('SELECT name, value FROM room_setting WHERE room = ? ORDER BY name');
    this.#messages = database.prepare(
      `SELECT ${MESSAGE_COLUMNS} FROM message WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
    );
    this.snapshot = database.transaction((key: RoomKey) => this.#snapshot(key));
  }

  /** At most `limit` events after `seq`; -1 for all of them. */
  events(room: number, after: number, limit: number): readonly AnyEvent[] {
    return this.#events.all(room, after, limit).map(eventOf);
  }

  authors(room: number): readonly Author[] {
    return this.#authors.all(room).map(authorOf);
  }

  /** Lowest first. */
  visibleShapes(room: number): readonly SnapshotShape[] {
    return this.#visible.all(room).map(snapshotShapeOf);
  }

  settings(room: number): readonly (readonly [name: string, value: SettingValue])[] {
    return this.#settings.all(room).map(settingOf);
  }

  /** At most `limit` messages before `before`, oldest first. */
  messagePage(room: number, before: number, limit: number): ReturnType<typeof messagePageOf> {
    return messagePageOf(this.#messages.all(room, before, limit + 1), limit);
  }

  /** A page of messages with the people who wrote them. */
  history(key: RoomKey, before: number, limit: number) {
    const room = this.#rooms.find(key);
    if (!room) return { people: [], messages: [], more: false };
    const { messages, more } = this.messagePage(room.id, before, limit);
    const indexes = new Set(messages.map(({ by }) => by));
    const people = [...indexes].flatMap(idx => this.#author.all(room.id, idx)).map(authorOf);
    return { people, messages, more };
  }

  tail(key: RoomKey, after: number, limit: number): readonly AnyEvent[] {
    const room = this.#rooms.find(key);
    return room ? this.events(room.id, after, limit) : [];
  }

  #snapshot(key: RoomKey): Snapshot {
    const room = this.#rooms.find(key);
    if (!room) {
      const { epoch } = this.#rooms.untouched(key);
      return { epoch, seq: 0, redactions: 0, people: [], messages: [], more: false, shapes: [], settings: [] };
    }
    const { messages, more } = this.messagePage(room.id, Number.MAX_SAFE_INTEGER, LIMITS.messagesPerPage);
    return {
      epoch: room.epoch,
      seq: room.seq,
      redactions: room.redactions,
      people: this.authors(room.id),
      messages,
      more,
      shapes: this.visibleShapes(room.id),
      settings: this.settings(room.id),
    };
  }
}
