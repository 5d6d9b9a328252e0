import { StorageError } from '../../domain/storage.js';
import { sealingOf } from '../vault.js';
import type { Moment } from './copying.js';
import { TABLES } from './tables.js';

/**
 * Sees that the operator's secret is the one that sealed the secrets in a database: a copy of it would be of no use to who has another one.
 *
 * @throws StorageError where it is not, or nothing was ever sealed there
 */
export async function judgeKey(moment: Moment, place: string, secretKey: string): Promise<void> {
  const vault = TABLES.find(({ name }) => name === 'vault');
  if (!vault) throw new TypeError('There is no vault among the tables.');
  for await (const [row] of moment.rows(vault)) {
    const [, salt, probe] = row ?? [];
    if (!(salt instanceof Uint8Array) || !(probe instanceof Uint8Array)) break;
    sealingOf({ salt, probe }, secretKey);
    return;
  }
  throw new StorageError(`No server has ever run on ${place}: there is nothing in it.`);
}
