/**
 * The settings of the database, and of the Redis that connects the nodes. Messages never repeat a
 * value: it may hold a password.
 */
import { databaseAt } from '../storage/drivers.js';
import { DatabaseUrlError, type StorageDriver } from '../storage/storage-driver.js';
import type { EnvironmentReader } from './environment-reader.js';
import { redisPlace } from './redis-url.js';

/** The Redis by which the nodes of a cluster reach each other. */
export interface RedisConfig {
  /** It may hold a password. */
  readonly url: string;
  /** What keys and channels start with. */
  readonly prefix: string;
}

const DEFAULT = 'sqlite:data/chalk-talk.db';

/** DATABASE_URL and DATABASE_POOL. @returns undefined where DATABASE_URL is wrong */
export function databaseConfig(read: EnvironmentReader): StorageDriver | undefined {
  const poolSize = read.integer('DATABASE_POOL', { otherwise: 10, from: 2, to: 200 });
  try {
    return databaseAt(read.text('DATABASE_URL') ?? DEFAULT, { poolSize });
  } catch (fault) {
    if (!(fault instanceof DatabaseUrlError)) throw fault;
    read.fault(`DATABASE_URL ${fault.message}`);
    return undefined;
  }
}

/** REDIS_URL and REDIS_PREFIX. @param database what DATABASE_URL names */
export function redisConfig(read: EnvironmentReader, database: StorageDriver | undefined): RedisConfig | undefined {
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
  // A database of one server has no other nodes to tell anything.
  if (database?.isShared === false) {
    read.fault('REDIS_URL is for several nodes, which need a database of PostgreSQL: see DATABASE_URL.');
  }
  return { url, prefix };
}
