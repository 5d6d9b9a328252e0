/**
 * The tables of the present schema that a copy of a database holds. Every engine has them, under
 * these names.
 */

/** What a column holds: whole numbers, text, or bytes. */
export type Kind = 'integer' | 'text' | 'bytes';

export interface Table {
  readonly name: string;
  /** In the order in which rows hold them. */
  readonly columns: readonly Column[];
  /**
   * The column that numbers its rows, and by which they are read in order. A row that is added
   * without a number gets the next one.
   */
  readonly number?: string;
  /**
   * How many of its first columns are its key. PostgreSQL may have several rows for one key, whose
   * other columns are summed up.
   */
  readonly summedBy?: number;
}

export interface Column {
  readonly name: string;
  readonly kind: Kind;
}

/** What stands in a row, column by column. */
export type Row = readonly Value[];
export type Value = number | string | Uint8Array | null;

const KINDS: Readonly<Record<string, Kind>> = { '#': 'integer', '*': 'bytes' };

/** Each comes after those that its rows refer to. */
export const TABLES: readonly Table[] = [
  table('vault', 'id# salt* probe*'),
  table('epoch_seed', 'id# seed*'),
  table('site', 'id name origins guests limits retention_days# stroke_times# nonce*'),
  table('site_key', 'site kid algorithm material* for_servers# created_at# revoked_at# fingerprint'),
  table('revocation', 'site kind subject revoked_at# until#'),
  { ...table('room', 'id# site name title epoch seq# floor# redactions# created_at#'), number: 'id' },
  table('author', 'room# idx# person name guest#'),
  table('event', 'room# seq# prev# at# waited# author# command payload'),
  table('message', 'room# seq# author# at# text'),
  table('shape', 'room# id seq# since# hidden# partial# author# at# form times'),
  table('shape_interval', 'room# shape was from_seq# to_seq#'),
  table('room_setting', 'room# name value'),
  { ...table('accepted', 'number# room# person id digest seq# undoable# at#'), number: 'number' },
  table('read_position', 'room# person seq#'),
  { ...table('usage', 'site day events# messages# shapes# bytes#'), summedBy: 2 },
];

/** The names of those whose rows belong to a room. */
export const ROOM_TABLES: readonly string[] = TABLES.filter(({ columns }) =>
  columns.some(({ name }) => name === 'room'),
).map(({ name }) => name);

/** Tables in which even an empty database has a row of its own, which the copied row replaces. */
export const OWN: ReadonlySet<string> = new Set(['vault', 'epoch_seed']);

/** @param columns names, with `#` behind those of numbers and `*` behind those of bytes */
function table(name: string, columns: string): Table {
  return {
    name,
    columns: columns.split(' ').map(column => {
      const kind = KINDS[column.slice(-1)];
      return kind ? { name: column.slice(0, -1), kind } : { name: column, kind: 'text' };
    }),
  };
}
