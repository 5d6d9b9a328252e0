import { StorageError } from '../../domain/storage.js';
import { type StorageFault, StorageFaultError } from '../storage-fault.js';

/**
 * By the beginning of SQLite's own codes, which are extended by what exactly went wrong:
 * `SQLITE_IOERR_WRITE`.
 */
const BY_CODE: readonly (readonly [begins: string, fault: StorageFault])[] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR', 'failing'],
  ['SQLITE_READONLY', 'unwritable'],
  ['SQLITE_CANTOPEN', 'unwritable'],
  ['SQLITE_PERM', 'unwritable'],
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_LOCKED', 'locked'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EIO', 'failing'],
  ['EACCES', 'unwritable'],
  ['EPERM', 'unwritable'],
  ['EROFS', 'unwritable'],
];

/**
 * Which fault of the place an error of SQLite or of the system tells of; undefined where it is
 * another's.
 */
export function faultOf(error: unknown): StorageFault | undefined {
  if (error instanceof StorageFaultError) return error.fault;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const { code } = error;
  return BY_CODE.find(([begins]) => code.startsWith(begins))?.[1];
}

const RESTORE =
  'Nothing in it was changed. Move it away with the files beside it, and restore a backup: `chalk-talk restore BACKUP`.';

/** @param finding what of it is damaged, as SQLite says it */
export function damaged(file: string, finding: string, cause?: unknown): StorageFaultError {
  return new StorageFaultError('damaged', `The database ${file} is damaged (${finding}). ${RESTORE}`, { cause });
}

/** A file that holds something else. */
export function foreign(file: string, cause?: unknown): StorageFaultError {
  const message = `${file} is no database of Chalk Talk, or its beginning is damaged. ${RESTORE}`;
  return new StorageFaultError('damaged', message, { cause });
}

/** The log is there, and what it belongs to is not. */
export function bereft(file: string): StorageFaultError {
  const message =
    `${file} is missing or empty, and ${file}-wal, which belongs to it, is not: put the database back where it was, or restore a ` +
    'backup. Nothing was changed.';
  return new StorageFaultError('damaged', message);
}

export function damagedLog(log: string): StorageFaultError {
  const message =
    `${log}, which holds what was kept last, is damaged. Nothing in it was changed. Move it away with its database, and restore a ` +
    'backup: `chalk-talk restore BACKUP`. Or move it away alone, to go on without what it held.';
  return new StorageFaultError('damaged', message);
}

export function newer(file: string, version: number, known: number): StorageError {
  return new StorageError(
    `The database ${file} has schema version ${version}; this program knows versions up to ${known}. Run the newer program. Nothing in it was changed.`,
  );
}

const HOW: Partial<Record<StorageFault, (file: string, said: string) => string>> = {
  locked: file =>
    `Another program is using ${file}: a second server, or a tool that has it locked. One database belongs to one server: end the ` +
    'other program, or give this server its own file (DATABASE_URL).',
  full: file => `The database ${file} can't be opened, for the disk is full: make room on it.`,
  unwritable: (file, said) =>
    `The database ${file} can't be written (${said}). Let the server's user write the file and its folder, and see that the disk is ` +
    'not mounted read-only.',
  damaged: (file, said) => damaged(file, said).message,
};

/** What was thrown while a database was opened, explained. */
export function explained(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof StorageError) return error;
  const fault = faultOf(error);
  const message =
    (fault && HOW[fault]?.(file, error.message)) ?? `The database ${file} can't be opened: ${error.message}`;
  return fault ? new StorageFaultError(fault, message, { cause: error }) : new StorageError(message, { cause: error });
}
