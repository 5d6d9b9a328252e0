import { LIMITS } from '../../../protocol/limits.js';
import type { AnyEvent } from '../../../protocol/timeline/events.js';
import type { Snapshot } from '../../../protocol/timeline/state.js';
import { partsOf, type RoomKey } from '../../domain/room-key.js';
import type { RoomHead, RoomStorage } from '../../domain/storage.js';
import { epochOf } from '../epoch.js';
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
import { columnsOf } from './columns.js';
import type { Connections } from './connections.js';
import { statement } from './statement.js';
import { READ_AT_ONE_MOMENT } from './transaction.js';

type OfRoom = readonly [site: string, name: string];

interface NonceRow {
  readonly nonce: Uint8Array;
}

type HeadRow = Pick<RoomHead, 'epoch' | 'seq'> & { readonly key: string };

const THE_ROOM = '(SELECT id FROM room WHERE site = $1 AND name = $2)';

const head = statement<OfRoom, RoomHead>(
  'SELECT epoch, seq, floor, redactions, title FROM room WHERE site = $1 AND name = $2',
);

const heads = statement<[sites: readonly string[], names: readonly string[]], HeadRow>(
  `SELECT room.site || '/' || room.name AS key, room.epoch, room.seq
   FROM unnest($1::text[], $2::text[]) AS asked (site, name) JOIN room USING (site, name)`,
);

const nonce = statement<[site: string], NonceRow>('SELECT nonce FROM site WHERE id = $1');

const authors = statement<OfRoom, AuthorRow>(
  `SELECT idx, person, name, guest FROM author WHERE room = ${THE_ROOM} ORDER BY idx`,
);

const authorsOf = statement<[site: string, name: string, indexes: readonly number[]], AuthorRow>(
  `SELECT idx, person, name, guest FROM author WHERE room = ${THE_ROOM} AND idx = ANY ($3::integer[])`,
);

const visible = statement<OfRoom, ShapeRow>(
  `SELECT ${SHAPE_COLUMNS} FROM shape WHERE room = ${THE_ROOM} AND hidden = 0 ORDER BY seq`,
);

const messages = statement<[site: string, name: string, before: number, limit: number], MessageRow>(
  `SELECT ${MESSAGE_COLUMNS} FROM message WHERE room = ${THE_ROOM} AND seq < $3 ORDER BY seq DESC LIMIT $4`,
);

const events = statement<[site: string, name: string, after: number, limit: number], EventRow>(
  `SELECT ${EVENT_COLUMNS} FROM event
   WHERE room = ${THE_ROOM} AND seq > $3 ORDER BY seq LIMIT $4`,
);

const settings = statement<OfRoom, SettingRow>(
  `SELECT name, value FROM room_setting WHERE room = ${THE_ROOM} ORDER BY name`,
);

/** Reads timelines and what they add up to. */
export class TimelineReader {
  readonly #connections: Connections;
  readonly #seed: Uint8Array;

  constructor(connections: Connections, seed: Uint8Array) {
    this.#connections = connections;
    this.#seed = seed;
  }

  async head(room: RoomKey): Promise<RoomHead> {
    const { site, room: name } = partsOf(room);
    const [row] = await this.#connections.run(head, site, name);
    if (row) return row;
    const [of] = await this.#connections.run(nonce, site);
    return { epoch: epochOf(this.#seed, of?.nonce, room), seq: 0, floor: 0, redactions: 0, title: name };
  }

  async heads(rooms: readonly RoomKey[]): Promise<ReadonlyMap<RoomKey, Pick<RoomHead, 'epoch' | 'seq'>>> {
    const rows = await this.#connections.run(heads, ...columnsOf(rooms.map(partsOf), ['site', 'room']));
    const found = new Map(rows.map(({ key, epoch, seq }) => [key, { epoch, seq }]));
    return new Map(
      rooms.flatMap(room => {
        const end = found.get(room);
        return end ? [[room, end]] : [];
      }),
    );
  }

  async snapshot(room: RoomKey): Promise<Snapshot> {
    const { site, room: name } = partsOf(room);
    const read = this.#connections.transaction(
      transaction =>
        Promise.all([
          transaction.run(head, site, name),
          transaction.run(nonce, site),
          transaction.run(authors, site, name),
          transaction.run(messages, site, name, Number.MAX_SAFE_INTEGER, LIMITS.messagesPerPage + 1),
          transaction.run(visible, site, name),
          transaction.run(settings, site, name),
        ]),
      READ_AT_ONE_MOMENT,
    );
    const [[row], [of], people, said, shapes, set] = await read;
    const { epoch, seq, redactions } = row ?? { epoch: epochOf(this.#seed, of?.nonce, room), seq: 0, redactions: 0 };
    return {
      epoch,
      seq,
      redactions,
      people: people.map(authorOf),
      ...messagePageOf(said, LIMITS.messagesPerPage),
      shapes: shapes.map(snapshotShapeOf),
      settings: set.map(settingOf),
    };
  }

  async tail(room: RoomKey, after: number, limit: number): Promise<readonly AnyEvent[]> {
    const { site, room: name } = partsOf(room);
    return (await this.#connections.run(events, site, name, after, limit)).map(eventOf);
  }

  async messages(room: RoomKey, before: number, limit: number): ReturnType<RoomStorage['messages']> {
    const { site, room: name } = partsOf(room);
    const page = messagePageOf(await this.#connections.run(messages, site, name, before, limit + 1), limit);
    const indexes = [...new Set(page.messages.map(({ by }) => by))];
    const people = indexes.length > 0 ? await this.#connections.run(authorsOf, site, name, indexes) : [];
    return { people: people.map(authorOf), ...page };
  }
}
