import pg from 'pg';

import { StorageError } from '../../domain/storage.js';
import { FAULT_WORDS, type StorageFault, StorageFaultError } from '../storage-fault.js';

/**
 * By the beginning of PostgreSQL's codes, of which the first two characters are a class;
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const BY_STATE: readonly (readonly [begins: string, fault: StorageFault])[] = [
  ['08', 'away'],
  ['53300', 'away'],
  ['57P01', 'away'],
  ['57P02', 'away'],
  ['57P03', 'away'],
  ['57P04', 'away'],
  ['57P05', 'away'],
  ['3D000', 'away'],
  // What was idle in a transaction was cut off: a server that hung.
  ['25P03', 'away'],
  ['28', 'away'],
  ['53100', 'full'],
  ['53', 'failing'],
  ['58', 'failing'],
  ['25006', 'unwritable'],
  ['42501', 'unwritable'],
  ['55P03', 'busy'],
  ['57014', 'busy'],
  ['40P01', 'busy'],
  ['40001', 'busy'],
  ['XX001', 'damaged'],
  ['XX002', 'damaged'],
];

/** What the pool says to who waited in vain for a connection while others used them all. */
const ALL_IN_USE = 'timeout exceeded when trying to connect';

/** Which fault of the place an error tells of; undefined where what was asked of it is at fault. */
export function faultOf(error: unknown): StorageFault | undefined {
  if (error instanceof StorageFaultError) return error.fault;
  if (error instanceof StorageError) return undefined;
  if (error instanceof pg.DatabaseError) {
    const { code = '' } = error;
    return BY_STATE.find(([begins]) => code.startsWith(begins))?.[1];
  }
  if (error instanceof Error && error.message === ALL_IN_USE) return 'busy';
  // The driver's and the network's own: no answer came.
  return 'away';
}

/**
 * Codes of what comes of doing two things at once, and of nothing else: the same again may go well.
 */
const CONFLICTS: ReadonlySet<string | undefined> = new Set(['40P01', '40001']);

/**
 * Whether an error, as the storage port tells it, is that of two transactions in each other's way.
 */
export function isConflict({ cause }: StorageError): boolean {
  return cause instanceof pg.DatabaseError && CONFLICTS.has(cause.code);
}

/**
 * The error as the storage port tells it. Of what PostgreSQL says only the message is repeated: its
 * details hold what was to be kept.
 */
export function explained(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const fault = faultOf(error);
  if (fault === undefined) return new StorageError(message, { cause: error });
  return new StorageFaultError(fault, `${FAULT_WORDS[fault]} (${message})`, { cause: error });
}
