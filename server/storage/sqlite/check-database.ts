/**
 * The check of a database before a server uses it. It includes the write-ahead log, since SQLite
 * takes a log that it can't read for empty, and overwrites it.
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
 * `empty`: nothing was ever written to it, or a power cut came before its header was on the disk.
 */
type LogState = 'missing' | 'empty' | 'sound' | 'damaged';

/**
 * Checks the header of a log, as described at
 * https://sqlite.org/fileformat2.html#the_write_ahead_log
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
 * Up to so many bytes a database is checked as a whole, which takes seconds; of a larger one only
 * what every start needs.
 */
const WHOLE = 1_024 * 1_024 * 1_024;

/** What every start needs. */
const NEEDED = ['vault', 'site', 'site_key', 'epoch_seed'];

/**
 * Checks a database before a server uses it, over a read-only connection: so faults are found
 * before anything is changed. A file that is missing or empty is a new database.
 *
 * @param patience how long to wait for another server to release the file, in milliseconds
 * @throws StorageError for the operator, where it is damaged, of another or a newer program, sealed
 *   with another secret key, or in use
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
    checkContent(database, file, size <= WHOLE);
    checkSecretKey(database, file, secretKey);
  } catch (fault) {
    // Reading beside a log needs a shared-memory file, for which a full disk has no room. Nothing
    // can be overwritten then either.
    if (codeOf(fault).startsWith('SQLITE_IOERR_SHM')) return;
    throw codeOf(fault) === 'SQLITE_NOTADB' ? foreign(file, fault) : explained(fault, file);
  } finally {
    database?.close();
  }
}

/** @throws StorageError where it is damaged, or no database that this program knows. */
function checkContent(database: Database, file: string, whole: boolean): void {
  const form = Number(database.pragma('user_version', { simple: true }));
  if (form > MIGRATIONS.length) throw newer(file, form, MIGRATIONS.length);
  const tables = new Set(database.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all());
  // After an interrupted first start there are none yet.
  if (tables.size > 0 && !tables.has('vault')) throw foreign(file);
  const needed = NEEDED.filter(table => tables.has(table));
  for (const check of whole ? ['quick_check(1)'] : needed.map(table => `quick_check(${table})`)) {
    const found = String(database.pragma(check, { simple: true }));
    // Where it says in which of a connection's databases, that is on a line before.
    if (found !== 'ok') throw damaged(file, found.split('\n').at(-1) ?? found);
  }
}

/** @throws StorageError where the secret key is not the one that sealed the database. */
function checkSecretKey(database: Database, file: string, secretKey: string): void {
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
