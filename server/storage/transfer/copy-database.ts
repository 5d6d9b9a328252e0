import { copyAll, type Counts } from '../database-copy.js';
import type { StorageDriver } from '../storage-driver.js';

export interface CopyOptions {
  /** No server runs on it. */
  readonly from: StorageDriver;
  /** Is empty, or does not exist yet. */
  readonly to: StorageDriver;
  /** The operator's secret of both. */
  readonly secretKey: string;
}

/**
 * Copies everything to another database, of the same engine or another one, to go on there. Epochs
 * stay, so pages notice nothing. The first database must not be used any more: it would give the
 * same numbers to other events.
 *
 * @throws StorageError where one of them can't be used for that; the first is unchanged then, and
 *   the other empty
 */
export function copyDatabase({ from, to, secretKey }: CopyOptions): Promise<Counts> {
  return from.read(secretKey, source => to.fill(sink => copyAll(source, sink, 'kept')));
}
