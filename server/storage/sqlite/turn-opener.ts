import type { Database, Statement } from 'better-sqlite3';

import { LIMITS } from '../../../protocol/limits.js';
import { emptyState, type HeldState, type Shape } from '../../../protocol/timeline/state.js';
import type { AcceptedCommand, CommandRef, OpenedRoom, TurnRequest } from '../../domain/storage.js';
import type { RoomRow, RoomTable } from './room-table.js';
import {
  type Bit,
  MESSAGE_COLUMNS,
  messageOf,
  type MessageRow,
  SHAPE_COLUMNS,
  type ShapeRow,
  shapeOf,
} from '../rows.js';
import type { TimelineReader } from './timeline-reader.js';

interface AcceptedRow {
  readonly digest: string;
  readonly seq: number;
  readonly undoable: Bit;
}

/**
 * Hands over what rooms need for a turn. It takes no transaction: this engine is the only writer of
 * its file, and the next thing it writes is what comes of this turn.
 */
export class TurnOpener {
  readonly #rooms: RoomTable;
  readonly #reader: TimelineReader;
  readonly #accepted: Statement<[room: number, person: string, id: string], AcceptedRow>;
  readonly #later: Statement<[room: number, person: string, seq: number, limit: number], number>;
  readonly #shapeById: Statement<[room: number, id: string], ShapeRow>;
  readonly #messageBySeq: Statement<[room: number, seq: number], MessageRow>;
  readonly #shapesSince: Statement<[{ room: number; since: number }], ShapeRow>;

  constructor(database: Database, rooms: RoomTable, reader: TimelineReader) {
    this.#rooms = rooms;
    this.#reader = reader;
    this.#accepted = database.prepare(
      'SELECT digest, seq, undoable FROM accepted WHERE room = ? AND person = ? AND id = ?',
    );
    // Nobody needs to know how many more than the limit there are.
    this.#later = database
      .prepare<[number, string, number, number], number>(
        `SELECT count(*) FROM (
           SELECT 1 FROM accepted WHERE room = ? AND person = ? AND undoable = 1 AND seq > ? LIMIT ?)`,
      )
      .pluck();
    this.#shapeById = database.prepare(`SELECT ${SHAPE_COLUMNS} FROM shape WHERE room = ? AND id = ?`);
    this.#messageBySeq = database.prepare(`SELECT ${MESSAGE_COLUMNS} FROM message WHERE room = ? AND seq = ?`);
    this.#shapesSince = database.prepare(
      `SELECT ${SHAPE_COLUMNS} FROM shape WHERE room = @room AND hidden = 0 AND seq = @since AND since = @since
       UNION ALL
       SELECT ${SHAPE_COLUMNS} FROM shape WHERE room = @room AND since = @since AND since <> seq`,
    );
  }

  open(requests: readonly TurnRequest[]): readonly OpenedRoom[] {
    return requests.map(request => {
      const row = this.#rooms.find(request.room);
      return row ? this.#openRoom(request, row) : this.#openUntouched(request);
    });
  }

  #openUntouched({ room, after }: TurnRequest): OpenedRoom {
    const nothing: OpenedRoom = { room, events: [], accepted: [], undos: [], shapes: [], messages: [] };
    const { epoch } = this.#rooms.untouched(room);
    if (after?.epoch === epoch && after.seq === 0) return nothing;
    return { ...nothing, state: emptyState(epoch) };
  }

  #openRoom({ room, after, commands, undos, shapes, messages }: TurnRequest, row: RoomRow): OpenedRoom {
    const undone = this.#undos(row.id, undos);
    const named = shapes.flatMap(id => this.#shapeById.all(row.id, id)).map(shapeOf);
    // Below the floor some of what came after is forgotten.
    const follows = after?.epoch === row.epoch && after.seq >= row.floor && after.seq <= row.seq;
    return {
      room,
      ...(!follows && { state: this.#state(row) }),
      events: follows && after.seq < row.seq ? this.#reader.events(row.id, after.seq, -1) : [],
      accepted: commands.flatMap(ref => this.#find(row.id, ref)),
      undos: undone.undos,
      shapes: [...undone.shapes, ...named],
      messages: messages.flatMap(seq => this.#messageBySeq.all(row.id, seq)).map(messageOf),
    };
  }

  #find(room: number, { person, id }: CommandRef): AcceptedCommand[] {
    const row = this.#accepted.get(room, person, id);
    return row ? [{ person, id, digest: row.digest, seq: row.seq, undoable: row.undoable === 1 }] : [];
  }

  #undos(room: number, refs: readonly CommandRef[]): Pick<OpenedRoom, 'undos'> & { readonly shapes: readonly Shape[] } {
    const undoable = refs.flatMap(ref => this.#find(room, ref)).filter(command => command.undoable);
    return {
      undos: undoable.map(({ person, id, seq }) => {
        return { person, id, seq, later: this.#later.get(room, person, seq, LIMITS.undoDepth) ?? 0 };
      }),
      shapes: undoable.flatMap(({ seq }) => this.#shapesSince.all({ room, since: seq })).map(shapeOf),
    };
  }

  #state({ id, epoch, seq, redactions }: RoomRow): HeldState {
    const shapes = this.#reader.visibleShapes(id);
    return {
      epoch,
      seq,
      redactions,
      newer: false,
      people: new Map(this.#reader.authors(id)),
      messages: new Map(),
      shapes: new Map(shapes.map(shape => [shape.id, { ...shape, since: shape.seq }])),
      settings: new Map(this.#reader.settings(id)),
    };
  }
}
