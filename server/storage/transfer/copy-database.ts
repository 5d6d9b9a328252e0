import type { DatabasePlace } from '../../config/database-url.js';
import { copyAll, type Counts, type Filling, type Moment } from './copying.js';
import { fillPostgres } from './postgres-filling.js';
import { readPostgres } from './postgres-source.js';
import { fillSqlite } from './sqlite-filling.js';
import { readSqlite } from './sqlite-source.js';

export interface CopyOptions {
  /** No server runs on it. */
  readonly from: DatabasePlace;
  /** Is empty, or not there yet. */
  readonly to: DatabasePlace;
  /** The operator's secret of both. */
  readonly secretKey: string;
}

/**
 * Copies everything to another database, of the same engine or the other, to go on there. Epochs stay, so that nobody's page notices; the
 * first database must not be used any more, for it would give the same numbers to something else.
 *
 * @throws StorageError where one of both can't be used for that; the first is as it was then, and the other empty
 */
export function copyDatabase({ from, to, secretKey }: CopyOptions): Promise<Counts> {
  return reading(from, secretKey, moment => filling(to, filled => copyAll(moment, filled, 'kept')));
}

function reading<Value>(place: DatabasePlace, secretKey: string, read: (moment: Moment) => Promise<Value>) {
  return place.engine === 'sqlite' ? readSqlite(place.file, secretKey, read) : readPostgres(place, secretKey, read);
}

function filling<Value>(place: DatabasePlace, fill: (filling: Filling) => Promise<Value>): Promise<Value> {
  return place.engine === 'sqlite' ? fillSqlite(place.file, fill) : fillPostgres(place, fill);
}
