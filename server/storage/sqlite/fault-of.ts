import { type StorageFault, StorageFaultError } from '../storage-fault.js';

/** By the beginning of SQLite's own codes, which are extended by what exactly went wrong: `SQLITE_IOERR_WRITE`. */
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

/** Which fault of the place an error of SQLite or of the system tells of; undefined where it is another's. */
export function faultOf(error: unknown): StorageFault | undefined {
  if (error instanceof StorageFaultError) return error.fault;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const { code } = error;
  return BY_CODE.find(([begins]) => code.startsWith(begins))?.[1];
}
