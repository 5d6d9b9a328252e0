/** What of the environment says where everything is kept, and by what the nodes that share it tell each other. Values are never repeated: they hold passwords. */
import { databasePlace, DatabaseUrlError, type PostgresPlace, type SqlitePlace } from './database-url.js';
import type { EnvironmentReader } from './environment-reader.js';
import { redisPlace } from './redis-url.js';

/** Where everything is kept. */
export type DatabaseConfig =
  | SqlitePlace
  | (PostgresPlace & {
      /** Connections at most. */
      readonly poolSize: number;
    });

const DEFAULT: SqlitePlace = { engine: 'sqlite', file: 'data/chalk-talk.db' };

/** DATABASE_URL and DATABASE_POOL. */
export function databaseConfig(read: EnvironmentReader): DatabaseConfig {
  const poolSize = read.integer('DATABASE_POOL', { otherwise: 10, from: 2, to: 200 });
  const url = read.text('DATABASE_URL');
  if (url === undefined) return DEFAULT;
  try {
    const place = databasePlace(url);
    return place.engine === 'postgres' ? { ...place, poolSize } : place;
  } catch (fault) {
    if (!(fault instanceof DatabaseUrlError)) throw fault;
    read.fault(`DATABASE_URL ${fault.message}`);
    return DEFAULT;
  }
}

/** REDIS_URL. */
export function redisUrl(read: EnvironmentReader): string | undefined {
  const url = read.text('REDIS_URL');
  if (url === undefined) return undefined;
  if (!redisPlace(url)) {
    read.fault(
      'REDIS_URL must be the address of a Redis (`redis://:PASSWORD@HOST:PORT`, by TLS `rediss://`) or of a Redis Cluster ' +
        '(`redis-cluster://:PASSWORD@HOST:PORT,HOST:PORT`, by TLS `rediss-cluster://`).',
    );
  }
  // A file of SQLite belongs to one server alone: there is nobody whom it could tell anything.
  if (/^sqlite:/.test(read.text('DATABASE_URL') ?? 'sqlite:')) {
    read.fault('REDIS_URL is for several nodes, which need a database of PostgreSQL: see DATABASE_URL.');
  }
  return url;
}
