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
  // idle_in_transaction_session_timeout: this server hung.
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

/** The pool's error when no connection became free in time. */
const ALL_IN_USE = 'timeout exceeded when trying to connect';

/** The storage fault behind an error; undefined where the statement itself is at fault. */
export function faultOf(error: unknown): StorageFault | undefined {
  if (error instanceof StorageFaultError) return error.fault;
  if (error instanceof StorageError) return undefined;
  if (error instanceof pg.DatabaseError) {
    const { code = '' } = error;
    return BY_STATE.find(([begins]) => code.startsWith(begins))?.[1];
  }
  if (error instanceof Error && error.message === ALL_IN_USE) return 'busy';
  // An error of the driver or the network: no answer came.
  return 'away';
}

/** Deadlocks and serialization failures: the same may succeed when repeated. */
const CONFLICTS: ReadonlySet<string | undefined> = new Set(['40P01', '40001']);

/** Whether a StorageError comes of a conflict between two transactions. */
export function isConflict({ cause }: StorageError): boolean {
  return cause instanceof pg.DatabaseError && CONFLICTS.has(cause.code);
}

/**
 * The error as a StorageError. Only PostgreSQL's message is repeated: its details hold people's
 * data.
 */
export function explained(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const fault = faultOf(error);
  if (fault === undefined) return new StorageError(message, { cause: error });
  return new StorageFaultError(fault, `${FAULT_WORDS[fault]} (${message})`, { cause: error });
}
