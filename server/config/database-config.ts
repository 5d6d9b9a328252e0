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

/** By what nodes tell each other what happens. */
export interface RedisConfig {
  /** It may hold a password. */
  readonly url: string;
  /** What keys and channels begin with. */
  readonly prefix: string;
}

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

/** REDIS_URL and REDIS_PREFIX. */
export function redisConfig(read: EnvironmentReader): RedisConfig | undefined {
  const prefix = read.text('REDIS_PREFIX') ?? 'chalk-talk';
  if (!/^[A-Za-z0-9._-]{1,32}$/.test(prefix)) {
    read.fault('REDIS_PREFIX must be up to 32 letters, digits, hyphens, underscores and dots.');
  }
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
  return { url, prefix };
}
