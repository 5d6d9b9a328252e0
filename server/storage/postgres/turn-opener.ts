import { LIMITS } from '../../../protocol/limits.js';
import { partsOf, type RoomKey } from '../../domain/room-key.js';
import type { AcceptedCommand, CommandRef, OpenedRoom, TurnRequest } from '../../domain/storage.js';
import { type EventRow, eventOf, messageOf, type MessageRow, type ShapeRow, shapeOf } from '../rows.js';
import { type Board, emptyBoard, loadBoards, OF_SHAPE } from './boards.js';
import { columnsOf } from './columns.js';
import { type Bit, type HeldRoom, type OfRoom, renewSetBack, reserve } from './held-rooms.js';
import { statement } from './statement.js';
import type { Transaction } from './transaction.js';

interface AcceptedRow extends OfRoom {
  readonly person: string;
  readonly id: string;
  readonly digest: string;
  readonly seq: number;
  readonly undoable: Bit;
}

interface UndoRow extends OfRoom, CommandRef {
  readonly seq: number;
  readonly later: number;
}

/*
 * Each of these finds its rows one by one, by all columns of an index. A part that is called
 * LATERAL and ends in OFFSET 0 is planned for itself. Joined otherwise, and planned before there
 * are rows, any part of an index would count as good as all of it.
 */

type Names = readonly string[];

/**
 * In one order whoever asks, so that two turns never wait for each other. What others have kept of
 * a room is seen by what comes after this.
 */
const hold = statement<[sites: Names, names: Names], HeldRoom>(
  `SELECT room.id, room.site || '/' || room.name AS key, room.epoch, room.seq, room.floor, room.redactions
   FROM unnest($1::text[], $2::text[]) AS asked (site, name) JOIN room USING (site, name)
   ORDER BY room.id FOR NO KEY UPDATE OF room`,
);

/** Below the floor some of what came after is forgotten. */
const behind = statement<[sites: Names, names: Names, epochs: Names, afters: readonly number[]], EventRow & OfRoom>(
  `SELECT room.id AS room, later.seq, later.prev, later.at, later.waited, later.author, later.command,
     later.payload
   FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS asked (site, name, epoch, after)
   JOIN room USING (site, name)
   CROSS JOIN LATERAL (SELECT * FROM event WHERE event.room = room.id AND event.seq > asked.after OFFSET 0) AS later
   WHERE room.epoch = asked.epoch AND room.floor <= asked.after AND room.seq > asked.after
   ORDER BY room.id, later.seq`,
);

const accepted = statement<[sites: Names, names: Names, persons: Names, ids: Names], AcceptedRow>(
  `SELECT room.id AS room, asked.person, asked.id, given.digest, given.seq, given.undoable
   FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS asked (site, name, person, id)
   JOIN room USING (site, name)
   CROSS JOIN LATERAL (
     SELECT digest, seq, undoable FROM accepted
     WHERE accepted.room = room.id AND accepted.person = asked.person AND accepted.id = asked.id OFFSET 0
   ) AS given`,
);

const named = statement<[sites: Names, names: Names, ids: Names], ShapeRow & OfRoom>(
  `SELECT room.id AS room, ${OF_SHAPE}
   FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS asked (site, name, shape_id, place)
   JOIN room USING (site, name)
   CROSS JOIN LATERAL (SELECT * FROM shape WHERE shape.room = room.id AND shape.id = asked.shape_id OFFSET 0) AS shape
   ORDER BY asked.place`,
);

const namedMessages = statement<[sites: Names, names: Names, seqs: readonly number[]], MessageRow & OfRoom>(
  `SELECT room.id AS room, message.seq, message.author, message.at, message.text
   FROM unnest($1::text[], $2::text[], $3::bigint[]) AS asked (site, name, seq)
   JOIN room USING (site, name)
   CROSS JOIN LATERAL (
     SELECT * FROM message WHERE message.room = room.id AND message.seq = asked.seq OFFSET 0
   ) AS message`,
);

/** Nobody needs to know how many more than the limit there are. */
const undos = statement<[rooms: readonly number[], persons: Names, ids: Names, limit: number], UndoRow>(
  `SELECT given.room, given.person, given.id, given.seq, (
     SELECT count(*) FROM (
       SELECT FROM accepted AS later
       WHERE later.room = given.room AND later.person = given.person AND later.undoable = 1 AND later.seq > given.seq LIMIT $4
     ) AS few
   ) AS later
   FROM unnest($1::bigint[], $2::text[], $3::text[]) AS asked (room, person, id)
   JOIN accepted AS given USING (room, person, id) WHERE given.undoable = 1`,
);

/**
 * Shapes that a command to be undone was the last to draw, and those that it was the last to show
 * or hide otherwise.
 */
const undoable = statement<[rooms: readonly number[], persons: Names, ids: Names], ShapeRow & OfRoom>(
  `WITH given AS (
     SELECT room, accepted.seq AS given_seq FROM unnest($1::bigint[], $2::text[], $3::text[]) AS asked (room, person, id)
     JOIN accepted USING (room, person, id) WHERE undoable = 1
   )
   SELECT room, ${OF_SHAPE} FROM given JOIN shape USING (room)
   WHERE hidden = 0 AND seq = given_seq AND since = given_seq
   UNION ALL
   SELECT room, ${OF_SHAPE} FROM given JOIN shape USING (room)
   WHERE since = given_seq AND since <> seq`,
);

/** Rooms that are held, and what was asked of them. */
export interface OpenedRooms {
  readonly held: ReadonlyMap<RoomKey, HeldRoom>;
  readonly opened: readonly OpenedRoom[];
}

/**
 * Holds the rooms of a turn until the transaction ends, and hands over what the turn needs of them:
 * at one go where all of them have a row and nothing is to be undone.
 *
 * @returns undefined where a room came into being meanwhile: the turn is to be opened anew, in
 *   another transaction.
 * @throws StorageError
 */
export async function openRooms(
  transaction: Transaction,
  seed: Uint8Array,
  requests: readonly TurnRequest[],
): Promise<OpenedRooms | undefined> {
  const { rows, ...first } = await holdRows(transaction, requests);
  const held = new Map(renewSetBack(transaction, requests, rows).map(row => [row.key, row]));
  const missing = requests.flatMap(({ room }) => (held.has(room) ? [] : [room]));
  const [reserved, further] = await Promise.all([
    missing.length > 0 ? reserve(transaction, seed, missing) : [],
    readFurther(transaction, requests, held),
  ]);
  if (!reserved) return undefined;
  for (const row of renewSetBack(transaction, requests, reserved)) held.set(row.key, row);

  const given = {
    events: byRoom(first.events),
    accepted: byRoom(first.known),
    undos: byRoom(further.undos),
    shapes: byRoom([...further.shapes, ...first.shapes]),
    messages: byRoom(first.messages),
  };
  const opened = requests.flatMap(({ room, after }): OpenedRoom[] => {
    const row = held.get(room);
    if (!row) return [];
    const { id, epoch, seq, redactions } = row;
    const asked = {
      room,
      accepted: (given.accepted.get(id) ?? []).map(acceptedOf),
      undos: (given.undos.get(id) ?? []).map(undo => {
        return { person: undo.person, id: undo.id, seq: undo.seq, later: undo.later };
      }),
      shapes: (given.shapes.get(id) ?? []).map(shapeOf),
      messages: (given.messages.get(id) ?? []).map(messageOf),
    };
    if (follows(row, after)) return [{ ...asked, events: (given.events.get(id) ?? []).map(eventOf) }];
    const board = further.boards.get(id) ?? emptyBoard();
    const state = { epoch, seq, redactions, newer: false, messages: new Map(), ...board };
    return [{ ...asked, events: [], state }];
  });
  return { held, opened };
}

/** Holds the rooms that have a row, and reads at the same go what most turns need. */
async function holdRows(transaction: Transaction, requests: readonly TurnRequest[]) {
  const all = requests.map(({ room }) => partsOf(room));
  const following = requests.flatMap(({ room, after }) => (after ? [{ ...partsOf(room), ...after }] : []));
  const commands = requests.flatMap(({ room, commands: refs }) => refs.map(ref => ({ ...partsOf(room), ...ref })));
  const ids = requests.flatMap(({ room, shapes }) => shapes.map(id => ({ ...partsOf(room), id })));
  const seqs = requests.flatMap(({ room, messages }) => messages.map(seq => ({ ...partsOf(room), seq })));
  const [rows, events, known, shapes, messages] = await Promise.all([
    transaction.run(hold, ...columnsOf(all, ['site', 'room'])),
    following.length > 0 ? transaction.run(behind, ...columnsOf(following, ['site', 'room', 'epoch', 'seq'])) : [],
    commands.length > 0 ? transaction.run(accepted, ...columnsOf(commands, ['site', 'room', 'person', 'id'])) : [],
    ids.length > 0 ? transaction.run(named, ...columnsOf(ids, ['site', 'room', 'id'])) : [],
    seqs.length > 0 ? transaction.run(namedMessages, ...columnsOf(seqs, ['site', 'room', 'seq'])) : [],
  ]);
  return { rows, events, known, shapes, messages };
}

/** Reads what few turns need: whole boards, and what is to be undone. */
async function readFurther(
  transaction: Transaction,
  requests: readonly TurnRequest[],
  held: ReadonlyMap<RoomKey, HeldRoom>,
) {
  const unknown = requests.flatMap(({ room, after }) => {
    const row = held.get(room);
    return row && !follows(row, after) ? [row.id] : [];
  });
  const undone = requests.flatMap(({ room, undos: refs }) => {
    const id = held.get(room)?.id;
    return id === undefined ? [] : refs.map(ref => ({ room: id, ...ref }));
  });
  const refs = columnsOf(undone, ['room', 'person', 'id']);
  const [boards, undoRows, shapes] = await Promise.all([
    unknown.length > 0 ? loadBoards(transaction, unknown) : new Map<number, Board>(),
    undone.length > 0 ? transaction.run(undos, ...refs, LIMITS.undoDepth) : [],
    undone.length > 0 ? transaction.run(undoable, ...refs) : [],
  ]);
  return { boards, undos: undoRows, shapes };
}

/** Whether who has applied the timeline up to `after` needs no more than what came since. */
function follows({ epoch, seq, floor }: HeldRoom, after: TurnRequest['after']): boolean {
  return after?.epoch === epoch && after.seq >= floor && after.seq <= seq;
}

function acceptedOf({ person, id, digest, seq, undoable }: AcceptedRow): AcceptedCommand {
  return { person, id, digest, seq, undoable: undoable === 1 };
}

function byRoom<Row extends OfRoom>(rows: readonly Row[]): ReadonlyMap<number, readonly Row[]> {
  const byRoom = new Map<number, Row[]>();
  for (const row of rows) {
    const others = byRoom.get(row.room);
    if (others) others.push(row);
    else byRoom.set(row.room, [row]);
  }
  return byRoom;
}
