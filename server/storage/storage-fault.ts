import { StorageError } from '../domain/storage.js';

/**
 * What can be wrong with the place where everything is kept, rather than with what was asked of it.
 */
export type StorageFault =
  | 'full'
  | 'failing'
  | 'unwritable'
  | 'locked'
  | 'missing'
  | 'damaged'
  | 'lost'
  | 'away'
  /** Only with what was asked for just then: it says nothing of what is asked next. */
  | 'busy';

/** Each in words that anyone may read: they name no file. */
export const FAULT_WORDS: Readonly<Record<StorageFault, string>> = {
  full: 'The disk is full: nothing more can be kept until there is room on it.',
  failing: 'The disk fails to read or to write the database.',
  unwritable: 'The database can be read but not written: the disk is read-only, or a permission is lacking.',
  locked: 'Another program holds the database.',
  missing: 'The file of the database was removed or replaced while the server runs on it.',
  damaged: 'A part of the database is damaged: what lies there can be neither read nor changed.',
  away: 'The database server can not be reached, or ended the connection.',
  busy: 'Something else holds the database, a part of it or every connection to it, for longer than is waited.',
  lost: 'The thread of the database has ended, and is started again.',
};

/** Faults that a part of what is kept may have, or be met at, while all else is well. */
const SPARING_OTHERS: ReadonlySet<StorageFault> = new Set<StorageFault>(['damaged', 'busy']);

/**
 * The place where everything is kept does not do its part. The message is for the operator alone:
 * it names files.
 */
export class StorageFaultError extends StorageError {
  readonly fault: StorageFault;

  constructor(fault: StorageFault, message: string = FAULT_WORDS[fault], options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }

  override get sparesOthers(): boolean {
    return SPARING_OTHERS.has(this.fault);
  }
}
