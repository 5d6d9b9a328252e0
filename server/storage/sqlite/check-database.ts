/**
 * What can be told of SQLite's write-ahead log before SQLite opens it: one that it can't read it
 * takes for empty, and writes over it.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

import type { Database } from 'better-sqlite3';

import { StorageError } from '../../domain/storage.js';
import { newDatabase } from './database.js';
import { bereft, damaged, damagedLog, explained, foreign, newer } from './faults.js';
import { MIGRATIONS } from './migrations/index.js';
import { openVault } from './database-secrets.js';

const HEADER_BYTES = 32;
/** Of the header, before the two words of its own checksum. */
const CHECKED_BYTES = 24;
/** The last bit says in which order of bytes the checksum reads the words. */
const MAGIC = 0x377f0682;
const FORM = 3_007_000;

/**
 * `empty`: nothing was ever kept in it, or a power cut came before its beginning was on the disk,
 * and so before anything else in it was.
 */
type LogState = 'missing' | 'empty' | 'sound' | 'damaged';

/**
 * Judges a log by its header, as https://sqlite.org/fileformat2.html#the_write_ahead_log describes
 * it.
 */
function stateOfLog(path: string): LogState {
  const header = beginningOf(path);
  if (!header) return 'missing';
  if (header.byteLength < HEADER_BYTES || header.every(byte => byte === 0)) return 'empty';
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const magic = view.getUint32(0);
  if ((magic & ~1) >>> 0 !== MAGIC || view.getUint32(4) !== FORM) return 'damaged';
  const [first, second] = checksum(view, (magic & 1) === 0);
  return first === view.getUint32(CHECKED_BYTES) && second === view.getUint32(CHECKED_BYTES + 4) ? 'sound' : 'damaged';
}

function checksum(view: DataView, littleEndian: boolean): readonly [first: number, second: number] {
  let [first, second] = [0, 0];
  for (let at = 0; at < CHECKED_BYTES; at += 8) {
    first = (first + view.getUint32(at, littleEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, littleEndian) + first) >>> 0;
  }
  return [first, second];
}

/** At most the header; undefined where there is no such file. */
function beginningOf(path: string): Uint8Array | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return undefined;
    throw fault;
  }
  try {
    const bytes = new Uint8Array(HEADER_BYTES);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/**
 * Bytes of a database that is looked through as a whole: some seconds' work. Of a larger one, what
 * every start needs.
 */
const WHOLE = 1_024 * 1_024 * 1_024;

/** What every start needs. */
const NEEDED = ['vault', 'site', 'site_key', 'epoch_seed'];

/**
 * Looks a database through before a server uses it, by a connection that can't write: whatever is
 * wrong with it is found before anything was changed. A file that is not there yet, or is empty, is
 * a new database.
 *
 * @param patience how long to wait for another server to let go of the file, in milliseconds
 * @throws StorageError in words for the operator, where it is damaged, of another program or a
 *   newer one, sealed with another secret key, or in use
 */
export function checkDatabase(file: string, secretKey: string, patience: number): void {
  if (file === ':memory:') return;
  let database: Database | undefined;
  try {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const log = stateOfLog(`${file}-wal`);
    if (log === 'damaged') throw damagedLog(`${file}-wal`);
    if (size === 0 && log === 'sound') throw bereft(file);
    if (size === 0) return;
    database = newDatabase(file, { readonly: true, timeout: patience });
    judge(database, file, size <= WHOLE);
    judgeKey(database, file, secretKey);
  } catch (fault) {
    // A full disk has no room for what it takes to read beside a log; what can't be written can't
    // be overwritten either.
    if (codeOf(fault).startsWith('SQLITE_IOERR_SHM')) return;
    throw codeOf(fault) === 'SQLITE_NOTADB' ? foreign(file, fault) : explained(fault, file);
  } finally {
    database?.close();
  }
}

/** @throws StorageError where it is no whole database that this program knows. */
function judge(database: Database, file: string, whole: boolean): void {
  const form = Number(database.pragma('user_version', { simple: true }));
  if (form > MIGRATIONS.length) throw newer(file, form, MIGRATIONS.length);
  const tables = new Set(database.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all());
  // One whose first start was broken off has none yet.
  if (tables.size > 0 && !tables.has('vault')) throw foreign(file);
  const needed = NEEDED.filter(table => tables.has(table));
  for (const check of whole ? ['quick_check(1)'] : needed.map(table => `quick_check(${table})`)) {
    const found = String(database.pragma(check, { simple: true }));
    // Where it says in which of a connection's databases, that is on a line before.
    if (found !== 'ok') throw damaged(file, found.split('\n').at(-1) ?? found);
  }
}

/** @throws StorageError where the secret key is another one than that which sealed the database. */
function judgeKey(database: Database, file: string, secretKey: string): void {
  const has = (sql: string) => database.prepare<[], 1>(sql).get() !== undefined;
  if (!has(`SELECT 1 FROM sqlite_schema WHERE name = 'vault'`) || !has('SELECT 1 FROM vault')) return;
  try {
    openVault(database, secretKey);
  } catch (fault) {
    if (!(fault instanceof StorageError)) throw fault;
    throw new StorageError(
      `SECRET_KEY is not the one that sealed the keys in ${file}. Start the server with the one that it had, or give it another file ` +
        '(DATABASE_URL). Nothing in it was changed.',
      { cause: fault },
    );
  }
}

function codeOf(fault: unknown): string {
  return fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : '';
}
